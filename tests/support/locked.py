"""Whether a project's `constraints.txt` names all that its dependencies need in turn, and nothing else.

Says what is missing, what is too much, and what is installed in another version, a line each. Run where the project's
packages are installed, in its folder.
"""

import tomllib
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ELSEWHERE = [
    {"sys_platform": "win32", "platform_system": "Windows", "os_name": "nt"},
    {"python_version": "3.11", "python_full_version": "3.11.0"},
    {"python_version": "3.14", "python_full_version": "3.14.0"},
]


def asked_for(one: Requirement, extra: str, places: list[dict[str, str]]) -> bool:
    return one.marker is None or any(one.marker.evaluate({**place, "extra": extra}) for place in places)


def needed(direct: list[str], places: list[dict[str, str]]) -> set[str]:
    """All packages that the direct ones lead to."""
    seen: set[tuple[str, str]] = set()
    pending = [(Requirement(text), "") for text in direct]
    while pending:
        one, extra = pending.pop()
        if not asked_for(one, extra, places):
            continue
        name = canonicalize_name(one.name)
        for chosen in ["", *one.extras]:
            if (name, chosen) not in seen:
                seen.add((name, chosen))
                try:
                    pending.extend((Requirement(text), chosen) for text in requires(name) or [])
                except PackageNotFoundError:
                    pass
    return {name for name, _ in seen}


def main() -> None:
    project = tomllib.loads(Path("pyproject.toml").read_text())["project"]
    direct = project["dependencies"] + project["optional-dependencies"]["dev"]
    pinned = {canonicalize_name(Requirement(text).name) for text in project["dependencies"]}
    lines = [line for line in Path("constraints.txt").read_text().splitlines() if not line.startswith("#")]
    locked = {canonicalize_name(line.partition("==")[0]): line.partition("==")[2] for line in lines}
    own = {canonicalize_name(Requirement(text).name) for text in direct}
    here = needed(direct, [{}])
    # Who installs it without the tools for tests gets the same.
    unsaid = (needed(project["dependencies"], [{}]) - pinned) | (here - own)
    for name in sorted(unsaid - locked.keys()):
        print(f"missing: {name}=={version(name)}")
    for name in sorted((locked.keys() - needed(direct, [{}, *ELSEWHERE])) | (locked.keys() & pinned)):
        print(f"too much: {name}")
    for name in sorted(here & locked.keys()):
        if version(name) != locked[name]:
            print(f"other version: {name}=={version(name)}, not {locked[name]}")
    if sorted(locked) != list(locked):
        print("not in order")


main()
