import inspect

from zstext.backends import Backend
from zstext.cli import options
from zstext.cli.classify import classify
from zstext.defaults import DEFAULT_BACKEND
from zstext.records.formats import READERS
from zstext.records.writers import _FORMATS
from zstext.scoring import LongStrategy


def test_choices_are_those_of_the_layers_below():
    assert [str(f) for f in options.InputFormat] == list(READERS)
    assert [str(f) for f in options.Format] == ["table", *_FORMATS]
    assert {str(f) for f in options.Long} == set(LongStrategy.__args__)
    assert {str(f) for f in options.BackendName} == set(Backend.__args__)
    assert inspect.signature(classify).parameters["backend"].default == DEFAULT_BACKEND


def test_every_option_has_help():
    import typer

    for name, annotation in inspect.get_annotations(classify, eval_str=True).items():
        if name != "return":
            (info,) = annotation.__metadata__
            assert isinstance(info, typer.models.ParameterInfo)
            assert info.help
