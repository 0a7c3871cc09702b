"""Where settings come from, which of several holds, and what a bad one says."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from mujaz.cli.commands import group
from mujaz.cli.configuration import flag_of, load, to_toml
from mujaz.settings import SettingInvalid, Settings, declaration_of

FIELDS = dataclasses.fields(Settings)


def written(path: Path, text: str) -> Path:
    file = path / "mujaz.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_the_first_of_flag_variable_file_and_default_holds(tmp_path: Path) -> None:
    file = written(tmp_path, "article_window = 3\nqueue_token_limit = 2000\nlog_level = 'error'\n")
    environment = {"MUJAZ_ARTICLE_WINDOW": "4", "MUJAZ_QUEUE_TOKEN_LIMIT": "3000"}
    settings = load({"article_window": "5", "listen": None}, environment, file=file)
    assert settings.article_window == 5
    assert settings.queue_token_limit == 3000
    assert settings.log_level == "error"
    assert settings.listen == Settings().listen


def test_the_file_can_be_named_by_a_variable(tmp_path: Path) -> None:
    file = written(tmp_path, "article_window = 3\n")
    assert load({}, {"MUJAZ_CONFIG": str(file)}).article_window == 3


def test_glossaries_are_a_list_in_each_place(tmp_path: Path) -> None:
    file = written(tmp_path, "glossary = ['un=un.csv', 'own=own,2.tsv']\n")
    assert load({}, {}, file=file).glossary == ("un=un.csv", "own=own,2.tsv")
    variable = {"MUJAZ_GLOSSARY": "un=un.csv, own=own.tsv"}
    assert load({"glossary": ()}, variable, file=file).glossary == ("un=un.csv", "own=own.tsv")
    assert load({"glossary": ("a=b.tbx",)}, variable).glossary == ("a=b.tbx",)
    result = CliRunner().invoke(
        group, ["serve", "--glossary", "a=b.csv", "--glossary", "c=d.tsv", "--print-config"]
    )
    assert 'glossary = ["a=b.csv", "c=d.tsv"]' in result.stdout


@pytest.mark.parametrize("value", ["news.tsv", "News=a.tsv", "=a.tsv", "news="])
def test_a_glossary_is_a_name_and_a_file(value: str) -> None:
    with pytest.raises(SettingInvalid, match="NAME=FILE"):
        load({"glossary": (value,)}, {})


@pytest.mark.parametrize("word", ["true", "Yes", "ON", "1"])
def test_words_for_true(word: str) -> None:
    assert load({}, {"MUJAZ_REFLECTION": word}).reflection is True


@pytest.mark.parametrize("word", ["false", "No", "OFF", "0"])
def test_words_for_false(word: str) -> None:
    assert load({}, {"MUJAZ_REFLECTION": word}).reflection is False


@pytest.mark.parametrize(
    ("variable", "value", "allowed"),
    [
        ("MUJAZ_QUEUE_TOKEN_LIMIT", "5", "from 1,024 to 1,048,576, not 5"),
        ("MUJAZ_QUEUE_TOKEN_LIMIT", "many", "a whole number from 1,024 to 1,048,576, not 'many'"),
        ("MUJAZ_DRAIN_GRACE_SECONDS", "-1", "from 0.0 to 3,600.0, not -1.0"),
        ("MUJAZ_DRAIN_GRACE_SECONDS", "nan", "from 0.0 to 3,600.0, not nan"),
        ("MUJAZ_LOG_FORMAT", "xml", "one of console, json, not 'xml'"),
        ("MUJAZ_REFLECTION", "maybe", "true or false, not 'maybe'"),
        ("MUJAZ_MODELS", "", "a path, not ''"),
        ("MUJAZ_MODELS", "~no-such-user/m", "a path, not '~no-such-user/m'"),
    ],
)
def test_a_bad_value_ends_the_start_with_its_name_and_what_is_allowed(
    variable: str, value: str, allowed: str
) -> None:
    result = CliRunner().invoke(group, ["serve"], env={variable: value})
    assert result.exit_code == 2
    assert result.stderr == f"mujaz: {variable}: must be {allowed}\n"


def test_a_bad_flag_is_named_as_a_flag() -> None:
    result = CliRunner().invoke(group, ["serve", "--article-window", "0"])
    assert result.exit_code == 2
    assert result.stderr == "mujaz: --article-window: must be from 1 to 256, not 0\n"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("article_window = 0\n", "article_window in .*: must be from 1 to 256, not 0"),
        ("article_window = '8'\n", None),
        ("article_window = true\n", "must be a whole number from 1 to 256, not True"),
        ("article_window = [1]\n", "must be a whole number"),
        ("log_level = 3\n", "must be text one of"),
        ("articel_window = 3\n", "unknown setting articel_window; did you mean article_window?"),
        ("article-window = 3\n", "did you mean article_window?"),
        ("x = 3\n", "unknown setting x; there are listen,"),
        ("article_window\n", "is not TOML"),
    ],
)
def test_the_file_is_checked_as_strictly(tmp_path: Path, text: str, problem: str | None) -> None:
    file = written(tmp_path, text)
    if problem is None:
        assert load({}, {}, file=file).article_window == 8
    else:
        with pytest.raises(SettingInvalid, match=problem):
            load({}, {}, file=file)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    result = CliRunner().invoke(group, ["serve", "--config", str(tmp_path / "none.toml")])
    assert result.exit_code == 2
    assert "none.toml: No such file or directory" in result.stderr


ODD_PATH = '/tmp/a b\\c"d.pem'
TYPED_VALUES: dict[str, st.SearchStrategy[Any]] = {
    "Path": st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1)
    .filter(lambda text: text[0] != "~")
    .map(Path),
    "Path | None": st.sampled_from([None, Path(ODD_PATH)]),
    "str": st.sampled_from(["127.0.0.1:0", f"unix:{ODD_PATH}"]),
    "str | None": st.sampled_from([None, "0.0.0.0:50052"]),
    "tuple[str, ...]": st.lists(
        st.sampled_from(["news=a.tsv", 'own=/tmp/a b\\c"d,e.csv', "x=\u00e9 .tbx"])
    ).map(tuple),
}
NAMED_VALUES: dict[str, st.SearchStrategy[Any]] = {
    "default_model": st.lists(st.sampled_from(["ar-en", "models/ar-en", "m2m100_418m"])).map(tuple),
    "metrics_listen": st.sampled_from([None, "127.0.0.1:0", "[::1]:9464"]),
    "otlp_endpoint": st.sampled_from([None, "https://collector.example:4317"]),
    # One of the two is nothing without the other.
    "tls_cert": st.just(Path(ODD_PATH)),
    "tls_key": st.just(Path(ODD_PATH)),
}


def any_value(field: dataclasses.Field[Any]) -> st.SearchStrategy[Any]:
    declaration = declaration_of(field)
    if declaration.choices or field.type == "bool":
        return st.sampled_from(declaration.choices or (True, False))
    low, high = declaration.minimum, declaration.maximum
    if field.type == "int":
        return st.integers(int(low or 0), int(high or 0))
    if field.type == "float":
        return st.floats(low, high)
    return NAMED_VALUES.get(field.name, TYPED_VALUES[str(field.type)])


@given(st.fixed_dictionaries({field.name: any_value(field) for field in FIELDS}))
def test_the_printed_configuration_gives_the_same_settings_back(
    tmp_path_factory: pytest.TempPathFactory, values: dict[str, Any]
) -> None:
    settings = Settings(**values)
    file = written(tmp_path_factory.mktemp("configuration"), to_toml(settings))
    assert load({}, {}, file=file) == dataclasses.replace(
        settings, models=settings.models.expanduser()
    )


def test_print_config_prints_what_holds_and_serves_nothing() -> None:
    runner = CliRunner()
    result = runner.invoke(group, ["serve", "--print-config", "--article-window", "3"])
    assert result.exit_code == 0
    assert "article_window = 3\n" in result.stdout
    assert 'listen = "127.0.0.1:50051"\n' in result.stdout


def test_the_help_names_every_setting_with_its_variable_default_and_range() -> None:
    text = " ".join(CliRunner().invoke(group, ["serve", "--help"]).stdout.split())
    for field in FIELDS:
        declaration = declaration_of(field)
        assert flag_of(field) in text
        assert f"MUJAZ_{field.name.upper()}]" in text
        assert declaration.range in text
        if field.default is not dataclasses.MISSING:
            assert f"default {str(field.default).lower()}" in text
