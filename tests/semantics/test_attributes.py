import pickle

import numpy as np
import pytest

from zstext import InputError, LabelError, LabelSpace
from zstext.semantics import ClassVectors, as_class_vectors, read_class_vectors

TABLE = "class,stripes,hooves\nzebra,1,1\nPolar Bear,0,0.5\nhorse,0,1\n"


@pytest.fixture
def write(tmp_path):
    def write(data, name="a.csv"):
        path = tmp_path / name
        path.write_bytes(data if isinstance(data, bytes) else data.encode())
        return path

    return write


def of(path, *names):
    return read_class_vectors(path).of(LabelSpace.of(names)).tolist()


def test_csv(write):
    vectors = read_class_vectors(write(TABLE))
    assert vectors.names == ("zebra", "Polar Bear", "horse")
    assert vectors.values.dtype == np.float32
    assert vectors.values.tolist() == [[1, 1], [0, 0.5], [0, 1]]


def test_in_the_order_of_the_labels_and_only_those(write):
    assert of(write(TABLE), "horse", "zebra") == [[0, 1], [1, 1]]


@pytest.mark.parametrize("name", ["polar bear", "POLAR_BEAR", "polar+bear", " Polar  bear "])
def test_names_are_compared_by_their_words(write, name):
    assert of(write(TABLE), name) == [[0, 0.5]]


@pytest.mark.parametrize("name", ["polar+bear", "Polar_Bear"])
def test_so_are_those_of_the_file(write, name):
    assert of(write(TABLE.replace("Polar Bear", name)), "polar bear") == [[0, 0.5]]


def test_csv_as_spreadsheets_write_it(write):
    path = write(b'\xef\xbb\xbfclass,a\r\n"one, two",1e-3\r\n\r\n\xc3\x9cBER,-2\r\n', "A.CSV")
    assert read_class_vectors(path).names == ("one, two", "ÜBER")
    np.testing.assert_allclose(of(path, "über", "one, two"), [[-2], [1e-3]], rtol=1e-6)


def test_npz_with_an_array_for_every_class(tmp_path):
    np.savez(tmp_path / "a.npz", **{"polar+bear": [0, 1, 2], "zebra": np.array([1.5, 0, 0])})
    assert of(tmp_path / "a.npz", "zebra", "polar bear") == [[1.5, 0, 0], [0, 1, 2]]


@pytest.mark.parametrize("names_first", [True, False])
def test_npz_of_names_and_a_matrix(tmp_path, names_first):
    parts = [("names", np.array(["a", "b"])), ("vectors", np.array([[1, 2], [3, 4]]))]
    np.savez(tmp_path / "a.npz", **dict(parts if names_first else parts[::-1]))
    assert of(tmp_path / "a.npz", "b", "a") == [[3, 4], [1, 2]]


def test_one_class_named_by_its_only_array(tmp_path):
    np.savez(tmp_path / "a.npz", zebra=[1.0, 2.0])
    assert of(tmp_path / "a.npz", "zebra") == [[1, 2]]


def test_a_label_without_a_vector(write):
    with pytest.raises(LabelError, match=r"2 of 3 labels, .*'zebre' \(did you mean 'zebra'\?\)"):
        of(write(TABLE), "horse", "zebre", "unicorn")
    with pytest.raises(LabelError, match="1 of 1 labels, for example 'qqqq'$"):
        of(write(TABLE), "qqqq")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "class,a\n",
        "class\nx\ny\n",
        "class,a\nx,1,2\n",
        "class,a\nx\n",
        "class,a\nx,one\n",
        "class,a\nx,\n",
        "class,a\nx,nan\n",
        "class,a\nx,inf\n",
        "class,a\nx,1\nx,2\n",
        "class,a\nbig cat,1\nBig_Cat,2\n",
        b"class,a\n\xff\xfe,1\n",
        b"\x00\x01\x02",
    ],
)
def test_no_table_of_numbers(write, text):
    path = write(text)
    with pytest.raises(InputError, match=r"a\.csv: "):
        read_class_vectors(path)


@pytest.mark.parametrize(
    "arrays",
    [
        {},
        {"a": np.zeros(2), "b": np.zeros(3)},
        {"a": np.array([np.nan])},
        {"a": np.zeros((2, 2)), "b": np.zeros((2, 2))},
        {"names": np.array(["a", "b"]), "vectors": np.zeros((3, 2))},
        {"names": np.array(["a", "a"]), "vectors": np.zeros((2, 2))},
        {"names": np.array(["a", "b"]), "vectors": np.zeros(2)},
        {"names": np.array("a"), "vectors": np.zeros((1, 2))},
        {"names": np.array(["a"]), "more": np.array(["b"]), "vectors": np.zeros((1, 2))},
        {"names": np.array(["a"]), "x": np.zeros(1), "y": np.zeros(1)},
        {"Big cat": np.zeros(2), "big_cat": np.zeros(2)},
    ],
    ids=range(11),
)
def test_npz_of_something_else(tmp_path, arrays):
    np.savez(tmp_path / "a.npz", **arrays)
    with pytest.raises(InputError, match=r"a\.npz: "):
        read_class_vectors(tmp_path / "a.npz")


class Trap:
    def __reduce__(self):
        return print, ("UNPICKLED",)


def test_nothing_is_unpickled(tmp_path, capsys):
    np.savez(tmp_path / "a.npz", names=np.array([Trap()], dtype=object), v=np.zeros((1, 2)))
    (tmp_path / "b.npz").write_bytes(pickle.dumps(Trap()))
    for name in ("a.npz", "b.npz"):
        with pytest.raises(InputError, match=f"{name}: not a table of class vectors"):
            read_class_vectors(tmp_path / name)
    assert "UNPICKLED" not in capsys.readouterr().out


@pytest.mark.parametrize("part", [0, 10, 100, -30])
def test_a_damaged_npz(tmp_path, part):
    path = tmp_path / "a.npz"
    np.savez(path, names=np.array(["a"]), vectors=np.ones((1, 50)))
    path.write_bytes(path.read_bytes()[:part])
    with pytest.raises(InputError, match=r"a\.npz: not a table of class vectors"):
        read_class_vectors(path)


def test_an_npz_with_a_flipped_byte(tmp_path):
    path = tmp_path / "a.npz"
    np.savez(path, names=np.array(["a"]), vectors=np.ones((1, 5000)))
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0xFF
    path.write_bytes(data)
    with pytest.raises(InputError, match=r"a\.npz: not a table of class vectors"):
        read_class_vectors(path)


def test_an_array_that_was_renamed_npz(tmp_path):
    np.save(tmp_path / "a.npy", np.zeros((2, 2)))
    (tmp_path / "a.npy").rename(tmp_path / "a.npz")
    with pytest.raises(InputError, match=r"a\.npz: not a table of class vectors"):
        read_class_vectors(tmp_path / "a.npz")


def test_what_is_not_there_or_of_another_kind(tmp_path):
    with pytest.raises(InputError, match=r"no\.csv: not a table"):
        read_class_vectors(tmp_path / "no.csv")
    with pytest.raises(InputError, match=r"from \.csv or \.npz, got 'a\.txt'"):
        read_class_vectors(tmp_path / "a.txt")
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises(InputError, match="folder"):
        read_class_vectors(tmp_path / "folder.csv")


def test_one_several_or_none(write):
    path, vectors = write(TABLE), ClassVectors(("a",), np.zeros((1, 2), dtype=np.float32))
    assert as_class_vectors(None) == ()
    assert as_class_vectors([]) == ()
    assert as_class_vectors(vectors) == (vectors,)
    for one in (path, str(path), [path]):
        assert [v.names[0] for v in as_class_vectors(one)] == ["zebra"]
    assert [v.names[0] for v in as_class_vectors((vectors, str(path)))] == ["a", "zebra"]
