"""The codebook's tables hold together."""

import pytest

from detente.codebook import crosswalk, label, modes, quad, score_tenths, stands_for, types
from detente.errors import CodebookError


def test_plover_has_sixteen_types_and_sixty_seven_modes_and_two_are_ours() -> None:
    assert len(types()) == 16
    assert {key for key, mode in modes().items() if mode.counts_as != key} == {
        ("RETREAT", "recall"),
        ("RETREAT", "abandon"),
    }
    assert len(modes()) == 67 + 2


def test_an_envoy_called_home_and_a_treaty_left_count_as_what_the_manual_files_them_under() -> None:
    for mode in ("recall", "abandon"):
        meant = stands_for("RETREAT", mode)
        assert meant[0] == "SANCTION"
        assert score_tenths("RETREAT", mode) == score_tenths(*meant) < 0


@pytest.mark.parametrize("language", ["en", "fr", "ru"])
def test_what_is_ours_is_called_by_its_mode_and_all_else_by_its_type(language: str) -> None:
    called = {label("RETREAT", mode, language) for mode in ("", "recall", "abandon")}
    assert len(called) == 3
    for kind, mode in modes():
        ours = modes()[kind, mode].counts_as != (kind, mode)
        assert (label(kind, mode, language) == types()[kind].label[language]) != ours
    assert label("CRIME", "", language) == "CRIME"


def test_every_mode_belongs_to_a_type_and_has_its_sign() -> None:
    for kind, mode in modes():
        assert kind in types()
        if kind != "REQUEST":
            assert (score_tenths(kind, mode) > 0) == (score_tenths(stands_for(kind, mode)[0]) > 0)


def test_cooperation_scores_at_or_above_zero_and_conflict_at_or_below() -> None:
    for kind in types().values():
        assert kind.score_tenths > 0 if kind.quad in (1, 2) else kind.score_tenths <= 0


def test_every_label_exists_in_three_languages() -> None:
    for kind in types().values():
        assert all(kind.label[language] for language in ("fr", "en", "ru"))


def test_the_crosswalk_names_only_types_and_modes_that_exist() -> None:
    for row in crosswalk().values():
        if row.type:
            assert row.type in types(), row
            assert not row.mode or (row.type, row.mode) in modes(), row
        else:
            assert row.repair, f"{row.code} is dropped without a reason"


def test_an_unknown_type_is_refused_with_the_list_of_types() -> None:
    with pytest.raises(CodebookError, match="has no type 'CRIME'"):
        quad("CRIME")


def test_an_unknown_mode_is_refused_with_the_modes_of_that_type() -> None:
    with pytest.raises(CodebookError, match=r"no mode 'phonecall'.*visit"):
        score_tenths("CONSULT", "phonecall")
