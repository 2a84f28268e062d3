// Alerts as the log keeps them. Bodies are read as text: the operators of `json` refuse those in which a person wrote \u0000.

/** Every alert: subject, alert, priority, whether it was told, is simulated, and when it opened, was acknowledged, ended. */
export const alerts = `(
      SELECT subjects.name AS subject, opened_at, resolved_at,
        substring(body::text FROM '"name":"(\\w+)"') AS alert,
        substring(body::text FROM '"priority":"(P[0-2])"') AS priority,
        body::text LIKE '%"notification":{"status":"sent"%' AS told,
        body::text ~ '"simulated":"(inbox|people)"' AS simulated,
        substring(body::text FROM '"acknowledged":\\{"by":"(?:[^"\\\\]|\\\\.)*","at":"([^"]+)"')::timestamptz AS acknowledged_at
      FROM alerts JOIN subjects ON subjects.id = subject_id
    ) AS alerts`;

/** A moment as a link wants it. */
export const iso = (column) => `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')`;
export const OF_SUBJECT = `subject ~ '^(\${subject:regex})$'`;
