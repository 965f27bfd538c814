"""Read the folder of a contract: `contract.yaml` and the files that it names."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path

import jsonschema_rs

from openapi.contract_data import (
    BodyFormat,
    ContractData,
    CreatedObject,
    Credential,
    Lifetime,
    Listing,
    OperationName,
    ParameterValue,
    TagPlace,
)
from openapi.errors import InvalidContract
from openapi.json_types import Json, pointer
from openapi.reading.documents import read

CONTRACTS = Path(__file__).parents[1] / "contracts"
DEFAULT = "ultravox"
_FILES = ("requirements", "protocol", "tolerances", "probes", "inventions", "faults")


def load_data(contract: str) -> ContractData:
    """Return the data of a contract, by its name in `openapi/contracts/` or the path of its folder.

    InvalidContract if the folder is missing, `contract.yaml` does not satisfy its schema, or a file that it names is missing;
    UnreadableDocument if `contract.yaml` cannot be parsed.
    """
    folder = _folder_of(contract)
    shown = f"{folder.relative_to(CONTRACTS.parents[1])}" if folder.is_relative_to(CONTRACTS) else contract.rstrip("/")
    document = read(str(folder / "contract.yaml"), f"{shown}/contract.yaml")
    data = document.root
    for error in _validator().iter_errors(data):
        raise InvalidContract(document.name, f"#{pointer(*error.instance_path)}", error.message[:300])
    files = {name: _file(folder, data[name], document.name, name) for name in _FILES if name in data}
    return ContractData(
        name=contract,
        title=data["title"],
        operation=operation_name(data["operation"]),
        description=_location(folder, shown, data["description"], document.name),
        overlays=tuple(_location(folder, shown, each, document.name) for each in data.get("overlays", ())),
        served_at=data.get("served-at"),
        parameters={name: _value(each) for name, each in data.get("parameters", {}).items()},
        credentials={scheme: Credential(each["variable"]) for scheme, each in data.get("credentials", {}).items()},
        created=_created(data.get("object", {})),
        seed=data.get("seed"),
        reads=BodyFormat(**data["reads"]) if "reads" in data else None,
        **files,
    )


def operation_name(text: str) -> OperationName:
    """Return the operation that `POST /path` names. ValueError if the text has another form."""
    found = re.fullmatch(r"\s*([A-Za-z]+)\s+(/\S*)\s*", text)
    if found is None:
        raise ValueError(f"{text!r} is not an operation such as 'POST /path'")
    return OperationName(found[1].upper(), found[2])


def known_contracts() -> list[str]:
    """Return the names of the contracts that come with the project."""
    return sorted(each.parent.name for each in CONTRACTS.glob("*/contract.yaml"))


def _folder_of(contract: str) -> Path:
    if re.fullmatch(r"[\w-]+", contract) and (CONTRACTS / contract).is_dir():
        return CONTRACTS / contract
    try:
        is_folder = Path(contract).is_dir()
    except (OSError, ValueError):  # too long for a path, or a NUL character in it
        is_folder = False
    if not is_folder:
        known = ", ".join(known_contracts())
        raise InvalidContract(contract, "", f"it is neither a folder nor one of the contracts {known}")
    return Path(contract).resolve()


def _file(folder: Path, name: str, document: str, member: str) -> Path:
    path = folder / name
    if not path.exists():
        raise InvalidContract(document, f"#/{member}", f"there is no {path}")
    return path


def _location(folder: Path, shown: str, name: str, document: str) -> tuple[str, str]:
    """Return a path or URL to read, and the name to show for it."""
    if re.match(r"(?:https?|file)://", name):
        return name, name
    return str(_file(folder, name, document, "")), f"{shown}/{name}"


def _value(value: Json) -> ParameterValue:
    if isinstance(value, dict):
        return ParameterValue(variable=value["variable"])
    return ParameterValue(value if isinstance(value, str) else json.dumps(value))


def _created(data: dict[str, Json]) -> CreatedObject:
    return CreatedObject(
        noun=data.get("noun", "object"),
        identifier=data.get("identifier"),
        server_made=tuple(data.get("server-made", ())),
        secret=tuple(data.get("secret", ())),
        unique=data.get("unique", {}),
        read=operation_name(data["read"]) if "read" in data else None,
        delete=operation_name(data["delete"]) if "delete" in data else None,
        parent=data.get("parent"),
        lifetime=_lifetime(data["short-lived"]) if "short-lived" in data else None,
        tag=TagPlace(**data["tag"]) if "tag" in data else None,
        listing=_listing(data["list"]) if "list" in data else None,
    )


def _lifetime(data: dict[str, Json]) -> Lifetime:
    return Lifetime(data["member"], data["value"], tuple(data.get("changes", ())))


def _listing(data: dict[str, Json]) -> Listing:
    return Listing(operation_name(data["operation"]), data["filter"], data["items"], data.get("next"), data.get("size"))


@cache
def _validator() -> jsonschema_rs.Validator:
    schema = json.loads((CONTRACTS / "contract.schema.json").read_text(encoding="utf-8"))
    return jsonschema_rs.Draft202012Validator(schema)
