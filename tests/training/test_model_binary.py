from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from mujaz_training.experiment import RecipeError
from mujaz_training.model_binary import Variable, dequantized, read_variables
from tests.tiny_model import write_tiny_model


def test_every_variable_of_a_model_is_read(tmp_path: Path) -> None:
    write_tiny_model(tmp_path / "tiny")
    variables = read_variables(tmp_path / "tiny" / "model.bin")
    assert variables["encoder/layer_0/self_attention/linear_0/weight"].shape == (48, 16)
    assert variables["decoder/num_heads"] == 2
    assert np.array_equal(dequantized(variables, "encoder/layer_norm/gamma"), np.ones(16))


def test_quantized_rows_are_divided_by_their_scales() -> None:
    variables: dict[str, Variable] = {
        "w": np.array([[127, -64], [10, 0]], np.int8),
        "w_scale": np.array([127.0, 10.0], np.float32),
    }
    assert dequantized(variables, "w") == pytest.approx(np.array([[1, -64 / 127], [1, 0]]))


@pytest.mark.parametrize("keep", [0, 3, 40, -1])
def test_a_file_that_is_cut_off_is_refused(tmp_path: Path, keep: int) -> None:
    write_tiny_model(tmp_path / "tiny")
    path = tmp_path / "tiny" / "model.bin"
    path.write_bytes(path.read_bytes()[:keep])
    with pytest.raises(RecipeError, match="export it again"):
        read_variables(path)
