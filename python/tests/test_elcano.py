"""The package on a rendered town: the rows of the command line, and clear refusals.

SPDX-License-Identifier: Apache-2.0
"""

import elcano
import pytest
from conftest import ROOT, ids, of_command_line


def test_an_operator_is_a_table(spark, town):
    images = elcano.read(spark, "catalog", town / "frames", recursive=True)
    assert ids(images) == of_command_line(town, "catalog", "frames")


def test_the_example_of_the_page_runs(spark, town, monkeypatch, capsys):
    text = (ROOT / "python/README.md").read_text(encoding="utf-8")
    example = text.split("```python\n")[1].split("```")[0]
    for name in ("frames", "exact.onnx"):  # a server has a folder of its own
        example = example.replace(f'"{name}"', f'"{town / name}"')
    monkeypatch.setattr(elcano, "session", lambda builder: spark)
    exec(compile(example, "README.md", "exec"), {})
    assert "car" in capsys.readouterr().out


def test_another_version_is_refused(spark, monkeypatch):
    monkeypatch.setattr(elcano, "__version__", "9.9.9")
    with pytest.raises(RuntimeError, match="the jar has Elcano .*, this package is 9.9.9"):
        elcano.check(spark)


def test_a_jar_that_is_not_there_is_told(monkeypatch):
    monkeypatch.setenv("ELCANO_JAR", "/none.jar")
    with pytest.raises(FileNotFoundError, match="/none.jar is not there"):
        elcano.jar()
