use super::*;

#[cfg(target_os = "linux")]
#[test]
fn a_thread_that_gives_way_is_the_last_and_the_others_stay_what_they_were() {
    let rank = || rustix::process::getpriority_process(None).unwrap();
    let before = rank();
    let of_thread = std::thread::spawn(move || {
        give_way();
        rank()
    });
    assert_eq!(of_thread.join().unwrap(), 19);
    assert_eq!(rank(), before);
    assert!(before < 19, "whoever runs this test is the last already: it proves nothing");
}
