"""Reading an earlier JSON report as a baseline."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from dataaudit.errors import ConfigError
from dataaudit.model import Finding, Severity

SCHEMA_VERSION = 1
HINT = "write one with: dataaudit audit TRAIN ... --output baseline.json"
_SEVERITIES = {severity.label: severity for severity in Severity}


def read_baseline(path: Path) -> dict[str, Severity]:
    """Return the fingerprints of the findings in an earlier JSON report, each with the severity it had.

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
    return _severities(report.get("findings"), path)


def accepted(findings: Iterable[Finding], baseline: Mapping[str, Severity]) -> frozenset[str]:
    """Return the fingerprints of the findings that are in the baseline and no worse than there."""
    known = [finding for finding in findings if finding.fingerprint in baseline]
    worse = {finding.fingerprint for finding in known if finding.severity > baseline[finding.fingerprint]}
    return frozenset(finding.fingerprint for finding in known) - worse


def _severities(findings: object, path: Path) -> dict[str, Severity]:
    if not isinstance(findings, list):
        raise ConfigError(f"the baseline {path} has no list of findings", HINT)
    severities: dict[str, Severity] = {}
    for finding in findings:
        fingerprint = finding.get("fingerprint") if isinstance(finding, dict) else None
        if not isinstance(fingerprint, str):
            raise ConfigError(f"the baseline {path} has a finding without a fingerprint", HINT)
        severity = _SEVERITIES.get(str(finding.get("severity")))
        if severity is None:
            raise ConfigError(f"the baseline {path} has a finding without a severity", HINT)
        severities[fingerprint] = max(severity, severities.get(fingerprint, severity))
    return severities
