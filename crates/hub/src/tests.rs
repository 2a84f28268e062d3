mod bites;
mod chain;
mod live;
mod memory_log;
mod screen;
mod story;
mod world;
