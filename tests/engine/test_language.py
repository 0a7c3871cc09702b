"""Latin script is named by language, and its model is loaded only when it is needed."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from py3langid.langid import MODEL_FILE, LanguageIdentifier

from mujaz.domain.language import UNDETERMINED_LATIN, detect_languages
from mujaz.engine import language
from mujaz.engine.language import LanguageDetector


@pytest.fixture(scope="module")
def detector() -> LanguageDetector:
    return LanguageDetector()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("The coalition announced an agreement on Saturday", "en"),
        ("BREAKING NEWS FROM SYRIA THIS MORNING", "en"),
        ("Le président de la République a annoncé mardi un accord", "fr"),
        ("Der Präsident kündigte am Dienstag eine Einigung an", "de"),
        ("El presidente anunció el martes un acuerdo", "es"),
        ("Cumhurbaşkanı salı günü bir anlaşma duyurdu", "tr"),
        ("Il presidente ha annunciato martedì un accordo", "it"),
    ],
)
def test_latin_script_is_named_by_language(
    detector: LanguageDetector, text: str, code: str
) -> None:
    guesses = detector.detect(text)
    assert guesses[0].code == code
    assert 0 < sum(guess.confidence for guess in guesses) <= 1.000001


@pytest.mark.parametrize("text", ["السلام عليكم", "Привет мир", "2017", "", "قال إن Google فازت"])
def test_other_scripts_need_no_model(text: str) -> None:
    detector = LanguageDetector()
    assert detector.detect(text) == detect_languages(text)
    assert not detector.loaded


def test_latin_letters_that_tell_nothing_stay_undetermined(detector: LanguageDetector) -> None:
    assert detector.detect("ok")[0].code == UNDETERMINED_LATIN


def test_a_mixed_text_keeps_its_other_languages(detector: LanguageDetector) -> None:
    guesses = detector.detect("El presidente anunció el martes في السوق")
    assert [guess.code for guess in guesses[:2]] == ["es", "ar"]


def test_many_threads_may_ask_at_once() -> None:
    detector = LanguageDetector()
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(detector.detect, ["Le président de la République"] * 16))
    assert len(set(answers)) == 1
    assert detector.loaded


def test_its_model_is_read_as_its_library_reads_it_and_without_a_file(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    text = "Le président de la République a annoncé mardi un accord"
    library = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    library.set_languages(list(language._LATIN_LANGUAGES))

    def refuse(*_: object, **__: object) -> None:
        raise FileNotFoundError("no usable temporary directory")

    monkeypatch.setattr("tempfile.TemporaryFile", refuse)
    ours = language._load_identifier()
    assert dict(ours.rank(text)) == pytest.approx(dict(library.rank(text)))
