use std::os::unix::fs::{MetadataExt as _, chown};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Context as _;

/// Where Debian puts every version, each in a folder of its own.
const VERSIONS: &str = "/usr/lib/postgresql";
const ADVICE: &str = "PostgreSQL is missing: get it with `apt-get install postgresql`";
const USER: &str = "postgres";

/// The newest PostgreSQL of this machine, and who must run it.
pub(super) struct Installation {
    folder: PathBuf,
    /// User and group; none: we ourselves. PostgreSQL refuses to be run by root.
    runs_as: Option<(u32, u32)>,
}

impl Installation {
    pub(super) fn find() -> anyhow::Result<Self> {
        let version = |folder: &PathBuf| folder.file_name()?.to_str()?.parse::<u32>().ok();
        let folder = std::fs::read_dir(VERSIONS)
            .context(ADVICE)?
            .filter_map(|entry| Some(entry.ok()?.path()))
            .filter(|folder| folder.join("bin/postgres").exists() && folder.join("bin/initdb").exists())
            .max_by_key(version)
            .context(ADVICE)?;
        let we_are_root = std::fs::metadata("/proc/self")?.uid() == 0;
        Ok(Self { folder, runs_as: we_are_root.then(postgres_user).transpose()? })
    }

    pub(super) fn has_timescale(&self) -> bool {
        self.folder.join("lib/timescaledb.so").exists()
    }

    /// A program of it, run by whom it accepts.
    pub(super) fn command(&self, program: &str) -> Command {
        let mut command = Command::new(self.folder.join("bin").join(program));
        if let Some((user, group)) = self.runs_as {
            command.uid(user).gid(group);
        }
        command
    }

    /// Gives `folder` to whoever runs it.
    pub(super) fn give(&self, folder: &Path) -> anyhow::Result<()> {
        if let Some((user, group)) = self.runs_as {
            chown(folder, Some(user), Some(group))?;
        }
        Ok(())
    }
}

/// The user that Debian's package makes.
fn postgres_user() -> anyhow::Result<(u32, u32)> {
    let users = std::fs::read_to_string("/etc/passwd")?;
    let line = users.lines().find(|line| line.split(':').next() == Some(USER)).context(ADVICE)?;
    let mut ids = line.split(':').skip(2).map(str::parse);
    let mut id = || ids.next().context("a line of /etc/passwd is too short")?.context("an id in /etc/passwd");
    Ok((id()?, id()?))
}
