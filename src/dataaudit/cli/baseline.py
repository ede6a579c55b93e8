"""Reading an earlier JSON report as a baseline."""

from __future__ import annotations

import json
from pathlib import Path

from dataaudit.errors import ConfigError

SCHEMA_VERSION = 1
HINT = "write one with: dataaudit audit TRAIN ... --output baseline.json"


def accepted_fingerprints(path: Path) -> frozenset[str]:
    """Return the fingerprints of the findings in an earlier JSON report.

    Parameters
    ----------
    path : Path
        A report of schema version 1.

    Raises
    ------
    ConfigError
        If the file cannot be read or is no such report.
    """
    try:
        report = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ConfigError(f"the baseline {path} does not exist", HINT) from None
    except OSError as error:
        raise ConfigError(f"the baseline {path} cannot be read: {error.strerror}", HINT) from None
    except (ValueError, RecursionError):
        raise ConfigError(f"the baseline {path} is not JSON", HINT) from None
    if not isinstance(report, dict) or "schema_version" not in report:
        raise ConfigError(f"the baseline {path} is not a report of dataaudit", HINT)
    if report["schema_version"] != SCHEMA_VERSION:
        raise ConfigError(f"the baseline {path} has schema version {report['schema_version']!r}, not 1", HINT)
    return frozenset(_fingerprints(report.get("findings"), path))


def _fingerprints(findings: object, path: Path) -> list[str]:
    if not isinstance(findings, list):
        raise ConfigError(f"the baseline {path} has no list of findings", HINT)
    fingerprints = [finding.get("fingerprint") if isinstance(finding, dict) else None for finding in findings]
    if not all(isinstance(fingerprint, str) for fingerprint in fingerprints):
        raise ConfigError(f"the baseline {path} has a finding without a fingerprint", HINT)
    return [str(fingerprint) for fingerprint in fingerprints]
