"""Run cells in a Jupyter kernel."""

import nbformat
import notebooks


def executed(sources, folder):
    """The cells, executed one after the other in one kernel that works in a folder."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(s) for s in sources])
    notebooks.client(notebook, folder, timeout=120, allow_errors=True).execute()
    return notebook.cells


def shown(cell):
    """The text of what a cell shows as its result, and all its other outputs."""
    results = [o for o in cell.outputs if o.output_type == "execute_result"]
    others = [o for o in cell.outputs if o.output_type != "execute_result"]
    return results[0]["data"]["text/plain"] if results else "", others
