//! The tables, and how those of an earlier version become those of this one.

use rusqlite::{Connection, TransactionBehavior};

/// One after the other, from an empty file on. None of them is ever changed: another one is added.
const MIGRATIONS: [&str; 1] = [include_str!("schema_1.sql")];

/// Why a file cannot be used.
#[derive(Debug, thiserror::Error)]
pub(super) enum Unusable {
    #[error("it is of a later version (schema {0}): use that, or another folder")]
    Later(i64),
    #[error(transparent)]
    Sqlite(#[from] rusqlite::Error),
}

/// Makes the tables what this version has, all or nothing.
pub(super) fn migrate(connection: &mut Connection) -> Result<(), Unusable> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let version: i64 = transaction.query_row("PRAGMA user_version", (), |row| row.get(0))?;
    let done = usize::try_from(version).unwrap_or(usize::MAX);
    let missing = MIGRATIONS.get(done..).ok_or(Unusable::Later(version))?;
    if missing.is_empty() {
        return Ok(());
    }
    for migration in missing {
        transaction.execute_batch(migration)?;
    }
    transaction.pragma_update(None, "user_version", MIGRATIONS.len() as i64)?;
    Ok(transaction.commit()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn migrating_again_changes_nothing_and_a_later_version_is_refused() {
        let mut connection = Connection::open_in_memory().unwrap();
        migrate(&mut connection).unwrap();
        migrate(&mut connection).unwrap();
        connection.pragma_update(None, "user_version", 99).unwrap();
        let error = migrate(&mut connection).unwrap_err().to_string();
        assert_eq!(error, "it is of a later version (schema 99): use that, or another folder");
    }
}
