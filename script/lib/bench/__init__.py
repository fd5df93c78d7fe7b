"""What `script/bench` runs."""
