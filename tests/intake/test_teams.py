"""Teams from a table, and how many hand-ins of a day are judged."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.errors import UsageError
from autograder.intake.hand_in import HandIn
from autograder.intake.teams import read_teams, with_teams, within_a_day


def test_a_table_of_teams_is_read_however_it_was_saved(tmp_path: Path) -> None:
    for text in ("who,team\nada,t1\nbob,t1\n", "\ufeffTeam;Who\nt1;ada\n\nt1;bob\n"):
        (tmp_path / "teams.csv").write_text(text, encoding="utf-8")
        assert read_teams(tmp_path / "teams.csv") == {"ada": "t1", "bob": "t1"}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("name,group\nada,t1\n", "is no table of teams"),
        ("", "is no table of teams"),
        ("who,team\nada,\n", "row 2: a row needs who and team"),
        ("who,team\nada,t1\nada,t2\n", "row 3: ada is in two teams"),
    ],
)
def test_what_is_wrong_with_a_table_is_said_with_its_row(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "teams.csv").write_text(text)
    with pytest.raises(UsageError) as error:
        read_teams(tmp_path / "teams.csv")
    assert words in error.value.text()


def handed(who: str, *hours: int, day: int = 3) -> list[HandIn]:
    return [HandIn(who, Path(f"{who}{h}.zip"), f"2026-11-{day:02d}T{h:02d}:00:00+01:00", f"v{h}") for h in hours]


def test_the_first_ones_of_a_day_are_judged_in_the_order_of_their_times() -> None:
    several = [*handed("ada", 9, 7, 8), *handed("bob", 10), *handed("ada", 6, day=4)]
    found = {(h.who, h.at[:13]): h.unjudged for h in within_a_day(several, 2)}
    assert [key for key, why in found.items() if why] == [("ada", "2026-11-03T09")]
    assert (
        found["ada", "2026-11-03T09"] == "2 hand-ins of 2026-11-03 were judged before this one; hand in again tomorrow"
    )


def test_a_team_has_its_attempts_together_and_strangers_are_teams_alone() -> None:
    several = with_teams([*handed("ada", 7), *handed("bob", 8), *handed("cyd", 9)], {"ada": "t", "bob": "t"})
    assert [h.team for h in several] == ["t", "t", ""]
    assert [bool(h.unjudged) for h in within_a_day(several, 1)] == [False, True, False]


def test_where_nobody_knows_when_all_are_judged() -> None:
    several = [HandIn("ada", Path(f"{i}.zip")) for i in range(9)]
    assert list(within_a_day(several, 1)) == several
