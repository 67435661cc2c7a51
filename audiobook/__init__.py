"""Turn EPUB, Markdown and plain text into mastered, chaptered audiobooks with a full cast."""

__version__ = "0.1.0"
