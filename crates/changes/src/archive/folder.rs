use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use crate::error::Error;
use crate::index::{Broken, Index, sha256};
use crate::place::{ARCHIVE, ARTIFACTS, INDEX, OURS};

/// How the names of copies begin that are not whole yet.
const UNFINISHED: &str = ".being-archived-";

/// The archive of a work tree, held by one writer.
pub(super) struct Folder {
    work_tree: PathBuf,
    file: File,
    index: Index,
}

/// What lies at a path.
#[derive(Debug)]
pub(super) enum Kept {
    /// A file with this content.
    File(Vec<u8>),
    /// A link, a folder.
    Other,
    /// Nothing.
    Nothing,
}

impl Folder {
    /// Makes the folders that are not there, waits for other writers, and cuts off what one of them left unfinished.
    pub(super) fn open(work_tree: &Path) -> Result<Self, Error> {
        for folder in [OURS, ARTIFACTS, ARCHIVE] {
            real_folder(&work_tree.join(folder))?;
        }
        let path = work_tree.join(INDEX);
        if matches!(read(&path)?, Kept::Other) {
            return Err(Error::NotOurs { path });
        }
        let open = || -> io::Result<(File, Vec<u8>)> {
            let mut file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(&path)?;
            file.lock()?;
            let mut bytes = Vec::new();
            file.read_to_end(&mut bytes)?;
            Ok((file, bytes))
        };
        let (mut file, bytes) = open().map_err(Error::at("open", &path))?;
        let index = Index::read(&bytes).map_err(Error::Index)?;
        let cut = |file: &mut File| -> io::Result<()> {
            file.set_len(index.whole() as u64)?;
            file.seek(SeekFrom::End(0))?;
            file.sync_all()
        };
        cut(&mut file).map_err(Error::at("write", &path))?;
        for unfinished in files(work_tree)?.iter().filter(|file| file.contains(UNFINISHED)) {
            let path = work_tree.join(ARCHIVE).join(unfinished);
            fs::remove_file(&path).map_err(Error::at("remove", &path))?;
        }
        sync_folder(&work_tree.join(ARCHIVE))?;
        Ok(Self { work_tree: work_tree.to_owned(), file, index })
    }

    /// What lies in the work tree under the name of an artifact.
    pub(super) fn original(&self, name: &str) -> Result<Option<Vec<u8>>, Error> {
        match read(&self.work_tree.join(ARTIFACTS).join(name))? {
            Kept::File(content) => Ok(Some(content)),
            Kept::Other | Kept::Nothing => Ok(None),
        }
    }

    /// Copies it and writes its line; says where the copy is.
    pub(super) fn archive(&mut self, day: &str, name: &str, content: &[u8]) -> Result<String, Error> {
        let folder = self.work_tree.join(ARCHIVE).join(day);
        real_folder(&folder)?;
        sync_folder(&self.work_tree.join(ARCHIVE))?;
        let name = &self.copy(day, name, content)?;
        let file = format!("{day}/{name}");
        if self.index.line(&file).is_none() {
            let status = artifacts::check(content).status;
            let line = self.index.add(day, name, sha256(content), status);
            let append = |file: &mut File| file.write_all(line.as_bytes()).and_then(|()| file.sync_all());
            append(&mut self.file).map_err(Error::at("write", &self.work_tree.join(INDEX)))?;
        }
        Ok(file)
    }

    /// Removes the original of what is archived.
    pub(super) fn remove(&self, name: &str) -> Result<(), Error> {
        let folder = self.work_tree.join(ARTIFACTS);
        let path = folder.join(name);
        fs::remove_file(&path).map_err(Error::at("remove", &path))?;
        sync_folder(&folder)
    }

    /// Puts the content under its name, or where another is there already, under one that has its checksum in it. Nothing
    /// that is there is ever written over.
    fn copy(&self, day: &str, name: &str, content: &[u8]) -> Result<String, Error> {
        let sum = sha256(content);
        let stem = name.strip_suffix(".json").unwrap_or(name);
        for name in [name.to_owned(), format!("{stem}.{}.json", &sum[..12])] {
            let is_taken = self.index.line(&format!("{day}/{name}")).is_some_and(|line| line.sha256 != sum);
            let path = self.work_tree.join(ARCHIVE).join(day).join(&name);
            match read(&path)? {
                Kept::File(there) if there == content && !is_taken => return Ok(name),
                Kept::Nothing if !is_taken => {
                    put(&path, content)?;
                    return Ok(name);
                }
                _ => {}
            }
        }
        Err(Error::Taken { day: day.to_owned(), name: name.to_owned() })
    }
}

/// A whole file or none: written beside its place, and moved there when it is on disk.
fn put(path: &Path, content: &[u8]) -> Result<(), Error> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let write = || -> io::Result<()> {
        let mut file = tempfile::Builder::new().prefix(UNFINISHED).tempfile_in(folder)?;
        file.write_all(content)?;
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            file.as_file().set_permissions(fs::Permissions::from_mode(0o644))?;
        }
        file.as_file().sync_all()?;
        file.persist_noclobber(path)?;
        Ok(())
    };
    write().map_err(Error::at("write", path))?;
    sync_folder(folder)
}

/// Makes a folder; what is there must be one itself, and no link that leads elsewhere.
fn real_folder(path: &Path) -> Result<(), Error> {
    match fs::create_dir(path) {
        Ok(()) => Ok(()),
        // It was there, or another writer was a moment earlier.
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            let what = fs::symlink_metadata(path).map_err(Error::at("look at", path))?;
            if what.is_dir() { Ok(()) } else { Err(Error::NotOurs { path: path.to_owned() }) }
        }
        Err(error) => Err(Error::at("make", path)(error)),
    }
}

/// Makes what was done in a folder last.
fn sync_folder(path: &Path) -> Result<(), Error> {
    File::open(path).and_then(|folder| folder.sync_all()).map_err(Error::at("write", path))
}

/// What lies at a path; links are not followed.
pub(super) fn read(path: &Path) -> Result<Kept, Error> {
    match fs::symlink_metadata(path) {
        Ok(what) if what.is_file() => fs::read(path).map(Kept::File).map_err(Error::at("read", path)),
        Ok(_) => Ok(Kept::Other),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Kept::Nothing),
        Err(error) => Err(Error::at("look at", path)(error)),
    }
}

/// The index as it lies there, and what it says.
pub(super) fn read_index(work_tree: &Path) -> Result<(Vec<u8>, Result<Index, Broken>), Error> {
    let path = work_tree.join(INDEX);
    let bytes = match read(&path)? {
        Kept::File(bytes) => bytes,
        Kept::Other => return Err(Error::NotOurs { path }),
        Kept::Nothing => Vec::new(),
    };
    let index = Index::read(&bytes);
    Ok((bytes, index))
}

/// All that lies in the folders of the archive, by name.
pub(super) fn files(work_tree: &Path) -> Result<Vec<String>, Error> {
    let archive = work_tree.join(ARCHIVE);
    let mut files = Vec::new();
    for (day, is_folder) in entries(&archive)? {
        match is_folder {
            true => files.extend(entries(&archive.join(&day))?.into_iter().map(|(name, _)| format!("{day}/{name}"))),
            false if archive.join(&day) == work_tree.join(INDEX) => {}
            false => files.push(day),
        }
    }
    files.sort();
    Ok(files)
}

/// What lies in a folder, and whether it is one itself; nothing if the folder is not there.
pub(super) fn entries(folder: &Path) -> Result<Vec<(String, bool)>, Error> {
    let list = || -> io::Result<Vec<(String, bool)>> {
        let entry = |entry: io::Result<fs::DirEntry>| {
            let entry = entry?;
            Ok((entry.file_name().to_string_lossy().into_owned(), entry.file_type()?.is_dir()))
        };
        folder.read_dir()?.map(entry).collect()
    };
    match list() {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        answer => answer.map_err(Error::at("read", folder)),
    }
}
