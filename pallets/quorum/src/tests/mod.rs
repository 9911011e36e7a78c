mod batches;
mod inherent;
mod model;
mod rounds;
mod try_state;
