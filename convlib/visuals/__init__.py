"""Figures and widgets of the book: what needs more than NumPy (`pip install convlib[book]`)."""

from convlib.visuals.builder import ShapeBuilder
from convlib.visuals.drills import DrillProgress, Drills, Question
from convlib.visuals.figures import grid, use_style
from convlib.visuals.picture import PictureLab, photograph
from convlib.visuals.separable import SeparableExplorer
from convlib.visuals.transposed import TransposedExplorer
from convlib.visuals.window import WindowExplorer

__all__ = [
    "DrillProgress",
    "Drills",
    "PictureLab",
    "Question",
    "SeparableExplorer",
    "ShapeBuilder",
    "TransposedExplorer",
    "WindowExplorer",
    "grid",
    "photograph",
    "use_style",
]
