"""The database: tables, transactions and the outbox."""
