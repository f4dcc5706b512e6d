"""The JSON API for programs: tokens with scopes, cursor pages, problem documents."""
