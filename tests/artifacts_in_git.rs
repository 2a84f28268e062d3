//! Artifacts in a git repository: made from a change, asked for by the merge rule, archived after the merge. The steps of
//! the workflows are read out of their files and run as GitHub would run them.

mod archiving;
mod commands;
mod commenting;
mod judging;
mod own;
mod pinned;
mod throwaway;
mod workflow;
