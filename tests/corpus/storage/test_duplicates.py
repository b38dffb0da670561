"""Signatures of essays: the MinHash of the literature, as a well-known library computes it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from corpus.language.text import fold
from corpus.storage.duplicates import PERMUTATIONS, SHINGLE, Signature


@given(st.text(st.characters(categories=["Lo", "Ll", "Nd"]), min_size=SHINGLE, max_size=200))
def test_a_signature_is_that_of_the_library(text: str) -> None:
    from datasketch import MinHash  # brings scipy's integrals along

    letters = "".join(character for character in fold(text) if character.isalnum())
    shingles = {letters[i : i + SHINGLE].encode() for i in range(len(letters) - SHINGLE + 1)}
    theirs = MinHash(num_perm=PERMUTATIONS, scheme="affine32")
    theirs.update_batch(shingles)
    if shingles:
        assert Signature.of(text).values.tolist() == theirs.hashvalues.tolist()


def test_a_reprint_resembles_its_original_and_another_text_does_not() -> None:
    original = "台積電把資本支出的上緣往下修，設備商的訂單卻還在增加，這兩件事其實不矛盾。" * 8
    reprint = original.replace("其實", "看起來") + "（轉載）"
    other = "咖啡豆的期貨價格在巴西降雨之後回落，烘豆商的毛利率要到下一季才看得到改善。" * 8
    assert Signature.of(original).similarity(Signature.of(reprint)) > 0.6
    assert Signature.of(original).similarity(Signature.of(other)) < 0.1
