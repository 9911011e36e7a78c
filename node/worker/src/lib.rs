#![doc = include_str!("../README.md")]

pub mod chain;
pub mod cli;
pub mod client;
pub mod config;
mod door;
pub mod keys;
pub mod logger;
pub mod metrics;
mod questions;
pub mod relay;
mod server;
pub mod storage;
pub mod wire;
pub mod worker;

#[cfg(test)]
mod tests;
