"""Signing in and out, and what each person does with the own password and second factors."""
