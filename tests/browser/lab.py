"""A JupyterLab for the tests, with settings and files of its own."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time

TOKEN = "for-this-test"
NOTEBOOK = "window.jupyterapp?.shell.currentWidget"
KERNEL = f"{NOTEBOOK}?.sessionContext?.session?.kernel"


def wait_until(true, seconds=20):
    """What `true()` returns, as soon as it returns something."""
    end = time.monotonic() + seconds
    while not (found := true()):
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.1)
    return found


@contextlib.contextmanager
def served(folder):
    """A JupyterLab that answers and works in a folder: its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = {
        "ServerApp.ip": "127.0.0.1",
        "ServerApp.port": port,
        "ServerApp.port_retries": 0,
        "ServerApp.root_dir": folder,
        "IdentityProvider.token": TOKEN,
        "LabApp.expose_app_in_browser": True,
        # It asks no other host for news of itself.
        "LabApp.check_for_updates_class": "jupyterlab.NeverCheckForUpdate",
        "LabApp.extension_manager": "readonly",
    }
    homes = ("JUPYTER_CONFIG", "JUPYTER_DATA", "JUPYTER_RUNTIME", "IPYTHON")
    homes = {f"{name}_DIR" if "JUP" in name else f"{name}DIR": str(folder / name) for name in homes}
    for name in ("SETTINGS", "WORKSPACES"):
        homes[f"JUPYTERLAB_{name}_DIR"] = str(folder / name)
    news = folder / "SETTINGS" / "@jupyterlab" / "apputils-extension"
    news.mkdir(parents=True)
    (news / "notification.jupyterlab-settings").write_text('{"fetchNews": "false"}')
    with (folder / "log").open("w") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root"]
            + [f"--{name}={value}" for name, value in settings.items()],
            env={**os.environ, **homes},
            stdout=log,
            stderr=log,
            start_new_session=True,  # so that its kernels end with it
        )

    def answers():
        assert server.poll() is None, (folder / "log").read_text()
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 5):
            return True
        return False

    try:
        wait_until(answers, 40)
        yield f"http://127.0.0.1:{port}/"
    finally:
        server.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            server.wait(10)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(server.pid, signal.SIGKILL)
        server.wait()


@contextlib.contextmanager
def opened(browser, address, notebook):
    """A page with a notebook of the server, its kernel ready."""
    context = browser.new_context(reduced_motion="reduce")
    context.set_default_timeout(30_000)
    page = context.new_page()
    page.goto(f"{address}doc/tree/{notebook}?token={TOKEN}")
    page.wait_for_function(f"{KERNEL}?.status === 'idle'")
    yield page
    context.close()
