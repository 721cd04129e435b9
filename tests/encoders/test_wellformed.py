from zstext.encoders.wellformed import well_formed


def test_lone_surrogates_are_replaced_and_pairs_joined():
    texts = ["a\ud800b", "\udc00", "\ud83d\ude00", "plain 😀", ""]
    assert well_formed(texts) == ["a\ufffdb", "\ufffd", "😀", "plain 😀", ""]
