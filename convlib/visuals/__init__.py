"""Figures and widgets of the book: what needs more than NumPy (`pip install convlib[book]`)."""

from convlib.visuals.figures import grid, use_style
from convlib.visuals.picture import PictureLab, photograph
from convlib.visuals.window import WindowExplorer

__all__ = ["PictureLab", "WindowExplorer", "grid", "photograph", "use_style"]
