"""The questions of a value, asked in the page: they need no Python, and so not the engine."""

from convlib.visuals import Question


def ask(exercise):
    """Return a widget that asks for the value of an exercise and judges it as `check` does."""
    chapter, name = exercise.name.split(".")
    mistakes = []
    for wrong in exercise.wrong:
        m = wrong.misconception
        mistakes.append((m.title, f"{m.explanation} {m.next_step}", wrong.model))
    return Question(
        chapter,
        name,
        exercise.title,
        exercise.value,
        mistakes,
        exercise.hints,
        exercise.explanation,
    )


def questions(exercises):
    """Return {chapter: [name, ...]} of those {"chapter.name": exercise} that `ask` takes."""
    found = {}
    for full_name, exercise in exercises.items():
        chapter, name = full_name.split(".")
        if exercise.value is not None:
            found.setdefault(chapter, []).append(name)
    return found
