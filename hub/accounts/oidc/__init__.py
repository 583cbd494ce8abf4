"""Sign-in through OpenID Connect issuers: who somebody is, as another organisation's sign-in service vouches for it."""
