use std::fs;
use std::time::Duration;

use experiments::Progress;

use super::arguments::Speed;
use super::*;

#[test]
fn a_file_of_the_folder_takes_the_place_of_a_shipped_one() {
    let folder = tempfile::tempdir().unwrap();
    let shipped = files::find("demo", Some(folder.path())).unwrap();
    assert!(shipped.read().unwrap().name().contains("shipped"));
    fs::create_dir(folder.path().join("experiments")).unwrap();
    fs::write(folder.path().join("experiments/demo.yml"), "mine").unwrap();
    fs::write(folder.path().join("experiments/notes.txt"), "no experiment").unwrap();
    assert_eq!(files::find("demo", Some(folder.path())).unwrap().read().unwrap().text(), "mine");
    let names: Vec<_> = files::all(Some(folder.path())).unwrap().into_iter().map(|file| file.name).collect();
    assert_eq!(names.len(), experiments::SHIPPED.len(), "{names:?}");
}

#[test]
fn what_is_not_there_is_told_with_what_is() {
    let wrong = |meant: &str| files::find(meant, None).unwrap_err().to_string();
    assert_eq!(wrong("trust-colapse"), "there is no experiment `trust-colapse`: did you mean `trust-collapse`?");
    assert!(wrong("xyz").contains("there are data-loss, demo, "), "{}", wrong("xyz"));
    let missing = files::find("no/such.yml", None).unwrap();
    assert!(missing.read().is_err());
}

#[test]
fn a_simulated_run_writes_its_report_and_its_artifact_alike_each_time() {
    let rules = rules(None).unwrap();
    let script = Arc::new(files::find("demo", None).unwrap().script(&rules).unwrap());
    let write = || {
        let folder = tempfile::tempdir().unwrap();
        let report = simulated::run(&script, "Ann", Speed::Max);
        Outcome::of(&report, domain::Language::En).unwrap().tell(Some(folder.path()), false).unwrap();
        ["md", "json"].map(|ending| fs::read(folder.path().join(format!("demo.{ending}"))).unwrap())
    };
    let [report, artifact] = write();
    assert_eq!([report.clone(), artifact.clone()], write());
    assert!(String::from_utf8(report).unwrap().starts_with("# An agent loses trust\n\n**PASSED**"));
    assert_eq!(artifacts::check(&artifact).status, domain::ArtifactStatus::Ok);
}

#[test]
fn a_pace_is_kept() {
    let rules = rules(None).unwrap();
    let script = Arc::new(files::find("demo", None).unwrap().script(&rules).unwrap());
    let began = std::time::Instant::now();
    let report = simulated::run(&script, "Ann", Speed::Times(200.0));
    // It cannot be faster than that, however slow the machine is.
    assert!(began.elapsed() >= Duration::from_millis(490));
    assert!(report.passed);
}

#[test]
fn a_speed_is_a_number_or_the_word() {
    assert_eq!("max".parse(), Ok(Speed::Max));
    assert_eq!("60".parse(), Ok(Speed::Times(60.0)));
    for wrong in ["0", "-1", "fast", "inf", "NaN", "1e9"] {
        assert!(wrong.parse::<Speed>().is_err(), "{wrong}");
    }
}

#[test]
fn the_progress_can_be_drawn() {
    let bar = simulated::progress(Duration::from_secs(60));
    let now = Progress {
        elapsed_seconds: 30.0,
        lasts_seconds: 60.0,
        phase: "stimulation".to_owned(),
        dose: 3,
        expectations: 4,
        met: 2,
        missed: 1,
    };
    simulated::show(&bar, &now);
    assert_eq!((bar.position(), bar.message().as_str()), (30, "stimulation, dose 3: 2 of 4 seen, 1 missed"));
}
