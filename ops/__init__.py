"""Behind `./run`: install, start and stop, check and test. Standard library only, no Django."""
