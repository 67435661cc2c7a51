"""Engines that misbehave on purpose. A package, so that child processes can import them by name."""
