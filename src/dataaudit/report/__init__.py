"""One `AuditResult`, rendered as HTML, JSON, Markdown, JUnit XML or terminal text.

A renderer draws and words what the result holds; it never computes a statistic.
"""
