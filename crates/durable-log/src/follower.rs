//! Written next: reads hints, fills gaps from the log.
