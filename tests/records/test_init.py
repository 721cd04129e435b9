import subprocess
import sys

import zstext.records


def test_importing_is_light():
    code = (
        "import sys, zstext.records;"
        "print(*{'torch', 'pyarrow', 'pandas', 'datasets', 'numpy'} & set(sys.modules))"
    )
    env = {"PYTHONPATH": ":".join(sys.path)}
    run = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True)
    assert (run.stdout, run.stderr) == ("\n", "")


def test_all_names_are_there():
    assert all(hasattr(zstext.records, name) for name in zstext.records.__all__)
