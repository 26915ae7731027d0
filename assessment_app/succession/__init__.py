"""Who may follow in which post: people proposed and screened, ranked by numbers, decided on by the talent committee."""
