"""The models of a file of settings. The JSON Schema for editors is made from these models.

conformance.toml  ->  FileSettings
  default-target, profile, …       hold for every target
  [targets.NAME]                   RunSettings: holds for this one, over those above
  [profiles.NAME]                  ProfileSettings: a profile of one's own, on top of another
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from conformance.profiles import DEFAULT, PROFILES


def _kebab(name: str) -> str:
    return name.replace("_", "-")


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, alias_generator=_kebab, populate_by_name=True)


Seconds = Annotated[float, Field(ge=0.001, le=1_000_000)]
Count = Annotated[int, Field(ge=1)]
BUILT_IN = tuple(PROFILES)


def _built_in(name: str) -> str:
    if name not in PROFILES:
        raise ValueError(f"there is no such profile; there are {', '.join(PROFILES)}")
    return name


class Secret(_Strict):
    """Where a secret comes from: an environment variable, a file, or the output of a command, which is asked again on 401."""

    variable: Annotated[str, Field(min_length=1)] | None = None
    file: Path | None = None
    command: Annotated[list[str], Field(min_length=1)] | None = None

    @model_validator(mode="after")
    def _is_one(self) -> Secret:
        if sum(each is not None for each in (self.variable, self.file, self.command)) != 1:
            raise ValueError("give one of variable, file and command")
        return self


class ClientCertificate(_Strict):
    """A certificate of the client in PEM, and its private key where that is a file of its own."""

    certificate: Path
    key: Path | None = None


class RunSettings(_Strict):
    """Settings of a run, by the names of the options of `run`; what an option has no name for stands first."""

    url: Annotated[str, Field(description="The URL of the server, without the path of the operation.")] | None = None
    key: Annotated[Secret, Field(description="The source of the API key.")] | None = None
    headers: Annotated[dict[str, str | Secret], Field(description="Headers that go with every request.")] | None = None
    proxy: Annotated[str | Secret, Field(description="The proxy on the way, over those of the environment.")] | None = None
    ca_file: Annotated[Path, Field(description="Certificates in PEM that are trusted beside the usual ones.")] | None = None
    client_certificate: ClientCertificate | None = None
    known_values: (
        Annotated[dict[str, list[Any]], Field(description="Values that this server accepts, by the place of the member.")]
        | None
    ) = None
    tolerances: Annotated[Path, Field(description="Differences that are allowed to this server.")] | None = None
    live: Annotated[bool, Field(description="Consent to send requests to a server that is not this machine.")] | None = None
    profile: str | None = None
    select: list[str] | None = None
    checks: Annotated[list[Path], Field(description="Files with checks of your own, in Python or YAML.")] | None = None
    shard: Annotated[str, Field(description="The part of the run, `I/N`, `auto` or `auto/N`.")] | None = None
    seed: int | None = None
    strict: bool | None = None
    out: Path | None = None
    history: Path | None = None
    known: Path | None = None
    contract: str | None = None
    openapi: str | None = None
    overlay: list[str] | None = None
    examples: Annotated[list[str], Field(description="Example databases: folders or URLs.")] | None = None
    concurrency: Annotated[int, Field(ge=1, le=256)] | None = None
    rate: Annotated[float, Field(ge=0.001, le=1_000_000)] | None = None
    rate_limit: Annotated[str, Field(description="The Redis through which runs keep the rate together.")] | None = None
    timeout: Seconds | None = None
    wait: Annotated[float, Field(ge=0, le=1_000_000)] | None = None
    max_requests: Count | None = None
    max_created: Count | None = None
    max_live_calls: Count | None = None
    max_time: Seconds | None = None
    max_failures: Count | None = None
    keep_calls: bool | None = None
    correlation_header: Annotated[str, Field(description="The header that numbers requests; empty for none.")] | None = None


class ProfileSettings(_Strict):
    """A profile of one's own: everything is as in the profile that it extends, but for what is set."""

    extends: Annotated[str, AfterValidator(_built_in), Field(json_schema_extra={"enum": list(BUILT_IN)})] = DEFAULT
    requests: Annotated[int, Field(ge=0, description="About how many requests it takes, for the plan.")] | None = None
    created: Annotated[int, Field(ge=0, description="About how many objects it creates, for the plan.")] | None = None
    few: bool | None = None
    violations: (
        Annotated[
            dict[str, Annotated[int, Field(ge=0)]],
            Field(description="Negative cases of a rule by its keyword; `others` for the keywords that are not named."),
        ]
        | None
    ) = None
    in_context: bool | None = None
    combinations: Annotated[int, Field(ge=0)] | None = None
    drawn: Annotated[int, Field(ge=0)] | None = None
    drawn_invalid: Annotated[int, Field(ge=0)] | None = None
    mutated_fields: Annotated[int, Field(ge=0)] | None = None
    repeats: Annotated[int, Field(ge=0)] | None = None
    machine_steps: Annotated[int, Field(ge=0)] | None = None
    second_generator: Annotated[int, Field(ge=0)] | None = None
    third_generator: Annotated[int, Field(ge=0)] | None = None
    triage: Annotated[int, Field(ge=0)] | None = None


class FileSettings(RunSettings):
    """A file of settings: those that hold for every target, the targets, and profiles."""

    default_target: Annotated[str, Field(description="The target of commands without `--target`.")] | None = None
    targets: dict[str, RunSettings] = Field(default_factory=dict)
    profiles: dict[str, ProfileSettings] = Field(default_factory=dict)
