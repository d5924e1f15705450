"""Branded, accessible patient handouts as PDF, from words kept in YAML."""
