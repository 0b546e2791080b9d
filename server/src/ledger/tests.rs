//! What every ledger promises, run on each. Another one is held by all of this once it has a line at
//! the end of this file.
//!
//! The promises see a ledger through its trait alone. What is one ledger's own, as the migrations of
//! SQLite, is tested beside it.

mod access;
mod blobs;
mod compare;
mod directory;
mod forks;
mod history;
mod office;
mod quarantine;
mod sharing;
mod uploads;

use super::{Ledger, SqliteLedger, SqliteOptions};
use office::SERVER_KEY;

/// A place where a ledger keeps what it keeps: opened again, it is all there.
trait Place {
    /// The ledger under test. Several threads ask it at once.
    type Kind: Ledger + Sync;
    /// An empty one.
    fn new() -> Self;
    /// Opens what is there, for the server whose own log is that of [`SERVER_KEY`].
    fn open(&self) -> Self::Kind;
}

/// SQLite in a file, with readers beside the writer, as the server runs it.
struct InFile(tempfile::TempDir);

impl Place for InFile {
    type Kind = SqliteLedger;

    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn open(&self) -> SqliteLedger {
        let file = self.0.path().join("ledger.db");
        SqliteLedger::open(&SqliteOptions::File(file, 2), SERVER_KEY).unwrap()
    }
}

/// SQLite in a file over one connection that reads and writes, as the simulation runs it.
struct OneConnection(tempfile::TempDir);

impl Place for OneConnection {
    type Kind = SqliteLedger;

    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn open(&self) -> SqliteLedger {
        let file = self.0.path().join("ledger.db");
        SqliteLedger::open(&SqliteOptions::File(file, 0), SERVER_KEY).unwrap()
    }
}

/// A test for each promise of each module, for one kind of place.
macro_rules! held_by {
    ($name:ident: $place:ty) => {
        mod $name {
            held_by! { @promises $place;
                history::the_same_run_again_changes_nothing
                history::deliveries_are_numbered_without_a_gap_and_the_root_follows_from_them
                history::who_writes_at_once_leaves_no_gap_and_loses_nothing
                history::what_continues_nothing_that_is_held_is_not_stored
                history::a_page_ends_between_runs_and_the_next_goes_on
                history::own_ops_are_named_and_not_echoed
                history::checkpoints_and_epochs_are_known_that_were_and_no_others
                history::workspaces_know_nothing_of_each_other
                history::opened_again_it_is_all_there
                forks::both_branches_are_kept_and_the_log_is_flagged
                forks::a_hash_that_stands_for_an_op_is_no_op
                forks::a_log_that_two_others_continue_is_flagged_and_they_are_not
                quarantine::what_is_not_admitted_is_kept_listed_and_delivered_to_nobody
                quarantine::a_release_delivers_once_whenever_it_comes
                quarantine::what_a_revoked_device_leaves_is_counted_over_all_its_logs
                quarantine::what_belongs_to_a_record_is_found_with_it
                sharing::a_shared_record_comes_with_its_children_and_all_that_follows_once
                sharing::who_shares_opens_nothing_of_another_scope
                compare::a_range_comes_back_where_the_reader_counted_something_else
                compare::what_is_too_much_is_named_and_one_op_always_fits
                directory::roles_and_teams_say_who_reads_and_writes
                access::a_list_opens_a_scope_to_teams_organisations_and_roles
                access::who_is_taken_off_a_list_reads_no_more
                access::a_unit_is_in_no_team_and_a_ring_of_organisations_ends
                directory::who_leaves_a_team_reads_it_no_more
                directory::a_register_is_one_record_however_often_it_is_published
                directory::a_revocation_counts_for_all_logs_of_a_device_and_before_its_enrolment
                directory::devices_are_listed_page_by_page_with_how_they_stand
                directory::a_code_enrols_one_device_of_those_that_race
                directory::a_code_that_is_over_or_foreign_is_none
                blobs::an_op_opens_a_photo_to_its_scope_once_its_device_had_the_bytes
                blobs::whoever_never_had_the_bytes_opens_nothing
                blobs::a_photo_is_held_for_who_uploaded_or_reads_it_and_nobody_else
                blobs::a_photo_is_an_entry_of_the_history_once
                blobs::what_is_named_and_not_here_is_awaited_of_who_named_it_first
                uploads::an_upload_is_kept_until_it_is_forgotten
                uploads::uploads_end_in_the_order_of_their_time
                uploads::what_waits_is_counted_and_no_longer_once_it_is_done
                uploads::a_probe_leaves_nothing_behind
            }
        }
    };
    (@promises $place:ty; $($module:ident::$promise:ident)+) => {
        $(
            #[test]
            fn $promise() {
                use crate::ledger::tests::Place as _;
                let place = <$place>::new();
                pollster::block_on(crate::ledger::tests::$module::$promise(&place));
            }
        )+
    };
}

held_by! { in_file: crate::ledger::tests::InFile }
held_by! { one_connection: crate::ledger::tests::OneConnection }
