mod beacons;
mod tally;
