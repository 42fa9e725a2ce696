"""The book's colours and type, in one place: the theme, the figures and the widgets read them here.

Colours are chosen to be told apart by colour-blind readers (after Okabe and Ito) and by their
lightness alone. Each role has a colour for light pages and one for dark pages.
"""

ROLES = {  # role: (light, dark)
    "paper": ("#ffffff", "#14181e"),
    "card": ("#f7f6f2", "#1d232b"),
    "ink": ("#1f2933", "#e6e9ee"),
    "muted": ("#59636e", "#a3adb8"),
    "line": ("#8a94a0", "#77828f"),
    "hairline": ("#d5d9de", "#3a434e"),
    "input": ("#d6e6f5", "#1d3f5e"),
    "input-strong": ("#0063a3", "#7cc0f2"),
    "kernel": ("#fbe3c0", "#5c4012"),
    "kernel-strong": ("#9a5b00", "#f0b354"),
    "output": ("#cfeade", "#12493a"),
    "output-strong": ("#00704f", "#5fd0a8"),
    "padding": ("#ececec", "#2b323b"),
    "warning": ("#b3261e", "#ff9d94"),
}

LIGHT = {role: pair[0] for role, pair in ROLES.items()}
DARK = {role: pair[1] for role, pair in ROLES.items()}


def css():
    """Return the roles as CSS custom properties, `--ce-input` and so on, for light and dark pages.

    Dark is what the book's theme or JupyterLab's theme says.
    """
    light = "".join(f"--ce-{role}:{colour};" for role, colour in LIGHT.items())
    dark = "".join(f"--ce-{role}:{colour};" for role, colour in DARK.items())
    return (
        f":root{{{light}}}\n"
        f'html[data-theme="dark"],body[data-jp-theme-light="false"]{{{dark}}}\n'
        f"@media print{{:root,html,body{{{light}}}}}\n"
    )
