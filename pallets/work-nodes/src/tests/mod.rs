mod draw;
mod members;
mod model;
mod nodes;
mod pools;
mod try_state;
