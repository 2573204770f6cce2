"""What security.md and grading.md claim, paragraph by paragraph, with the tests that hold it.

Every paragraph, list item and table of these pages has a row here: its first words, and tests by file and name, or
hostile files, or, for figures, the command that measures them. A paragraph without a row fails, and a row without its
paragraph.
"""

from __future__ import annotations

import ast
import re
from functools import lru_cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MEASURED = "measured: "
NO_CLAIM = "no claim"
HOSTILE = "hostile/test_hostile.py::test_it_gets_its_verdict_and_nothing_else"
SECURITY: dict[str, tuple[str, ...]] = {
    "A submission is a program by a stranger": (NO_CLAIM,),
    "The attacker is a student": (NO_CLAIM,),
    "Two ideas carry most": (NO_CLAIM,),
    "* **Nothing is compared where": (
        "hostile/attacks/patches_comparison_functions.py",
        "hostile/attacks/returns_an_always_equal_object.py",
        "hostile/attacks/overwrites_the_tests.py",
        "test_architecture.py::test_a_broken_rule_is_found",
        "sandbox/test_plans.py::test_no_hidden_probe_is_sent_before_the_last_public_answer_is_in",
    ),
    "* **Hidden text is out only when": (
        "sandbox/test_plans.py::test_no_hidden_probe_is_sent_before_the_last_public_answer_is_in",
        "report/test_audience.py::test_a_students_page_has_no_text_of_a_hidden_case",
        "report/test_audience.py::test_gradescope_entries_that_can_become_visible_have_no_text_of_a_hidden_case",
        "hostile/test_hostile.py::test_no_mark_in_the_page_cache_goes_from_one_submission_to_another",
        "hostile/attacks/leaks_by_exception_text.py",
    ),
    "Every session is a fork of a zygote": (
        "sandbox/test_spawning.py::test_the_zygote_has_nothing_of_our_environment",
        "sandbox/test_libraries.py::test_it_is_loaded_only_where_it_was_asked_for",
        "sandbox/test_parking.py::test_each_worker_has_a_scratch_of_its_own_and_keeps_it_while_it_waits",
        "grading/test_plan.py::test_public_cases_of_all_questions_come_first_and_questions_keep_their_workers",
        "sandbox/test_plans.py::test_a_session_that_has_sent_hidden_probes_gives_no_public_answer_any_more",
        "sandbox/test_plans.py::test_once_hidden_probes_are_out_students_may_read_one_of_a_few_texts",
        "hostile/test_hostile.py::test_what_a_worker_says_when_it_dies_with_hidden_probes_is_for_staff",
        "hostile/attacks/counts_in_process_numbers.py",
        "hostile/attacks/tells_by_the_clock.py",
        "hostile/attacks/marks_files_in_the_page_cache.py",
        "sandbox/test_one_worker.py::test_a_worker_that_was_tampered_with_is_replaced",
    ),
    "Workers that wait are *parked*": (
        "sandbox/test_parking.py::test_a_parked_worker_is_stopped_with_all_its_threads",
        "sandbox/test_parking.py::test_what_parked_workers_hold_is_capped_and_the_rest_is_loaded_again",
        "sandbox/test_parking.py::test_a_worker_that_wakes_itself_by_a_timer_is_replaced",
    ),
    "`autograder doctor` prints": (
        "sandbox/test_doctor.py::test_there_is_a_row_for_each_layer_with_a_reason_where_it_is_missing",
        "hostile/test_hostile.py::test_the_layers_in_force_are_told",
        "sandbox/test_compiled_once.py::test_code_of_another_worker_does_the_same",
        "sandbox/test_forbidden.py::test_other_bytes_are_no_index",
    ),
    "| layer | stops": (
        "hostile/test_layers.py::test_with_all_layers_on_nothing_gets_through",
        "hostile/test_layers.py::test_with_the_layer_off_its_attack_gets_through",
        "sandbox/layers/test_seccomp.py::test_each_call_works_before_and_is_denied_after",
        "sandbox/layers/test_landlock.py::test_only_the_library_and_the_scratch_are_read",
    ),
    "`--sandbox standard` refuses": (
        "hostile/test_layers.py::test_a_missing_layer_of_the_floor_is_refused_by_name",
        "hostile/test_layers.py::test_off_means_no_layer_and_says_so",
        "sandbox/test_floor.py::test_a_bonus_layer_may_miss_unless_strict",
        "cli/test_bad_input.py::test_resuming_nothing_and_grading_without_a_sandbox",
    ),
    "Nothing that comes from a submission is followed": (
        "intake/test_folder.py::test_a_link_at_the_file_is_not_followed",
        "intake/test_folder.py::test_a_file_swapped_for_a_link_again_and_again_never_shows_what_the_link_leads_to",
        "intake/test_choosing.py::test_links_in_ignored_folders_are_ignored_and_others_refuse_the_hand_in",
        "intake/test_archive.py::test_a_link_or_device_at_a_needed_file_is_refused",
        "intake/test_collecting.py::test_names_that_are_not_utf_8_can_be_printed_and_stay_apart",
        "report/test_terminal.py::test_a_students_text_commands_nothing",
        "report/test_html.py::test_what_a_student_wrote_stays_text",
        "report/test_csv_form.py::test_a_file_name_is_never_a_formula",
        "intake/test_archive.py::test_a_bomb_is_stopped_at_the_cap",
        "intake/test_archive.py::test_compiled_code_beside_the_file_is_refused",
        "intake/test_archive.py::test_names_of_libraries_that_grading_stands_on_are_refused",
        "sandbox/test_stand_ins.py::test_a_package_beats_a_module_in_python_and_not_here",
    ),
    "A few megabytes of bytes": (
        "values/test_counting.py::test_a_bomb_is_refused_before_it_is_built",
        "checks/test_formulas.py::test_a_flood_of_operations_is_stopped",
        "checks/test_formulas.py::test_dear_functions_and_more_digits_count_for_more",
        "grading/test_judging.py::test_an_answer_above_a_budget_is_a_protocol_fault_of_its_own_case",
        "grading/test_separate.py::test_it_holds_none_of_its_parents_descriptors",
        "grading/test_separate.py::test_a_case_that_fails_once_is_judged_again_and_stands",
        "grading/test_separate.py::test_what_ends_the_judge_costs_its_case_alone_and_is_the_graders_fault",
        "grading/test_separate.py::test_too_many_of_them_end_the_judging_of_that_submission",
        "grading/test_separate.py::test_every_form_gives_the_same_verdicts",
        "hostile/attacks/answers_with_millions_of_empty_lists.py",
        "hostile/attacks/answers_with_a_formula_that_takes_hours.py",
    ),
    "`seconds` in `[limits]`": (
        "sandbox/test_effort.py::test_a_busy_loop_ends_when_its_processor_time_is_used_up",
        "sandbox/test_effort.py::test_all_threads_count",
        "sandbox/test_effort.py::test_a_slow_import_has_its_own_limit_in_processor_time",
        "sandbox/test_effort.py::test_other_programs_do_not_decide",
        "sandbox/test_effort.py::test_who_waits_too_long_meets_the_brake",
        "sandbox/test_effort.py::test_the_brake_is_ten_seconds_or_five_times_the_limit",
    ),
    "A case that meets the brake": (
        "sandbox/test_effort.py::test_a_case_that_a_busy_machine_braked_is_run_again_alone",
        "sandbox/test_effort.py::test_a_machine_that_stays_busy_is_the_graders_fault",
        "cohort/test_efforts.py::test_the_blobs_do_not_change_with_them",
        "cohort/test_efforts.py::test_they_are_read_back_from_the_spool",
    ),
    "A milestone sends data that was drawn": (
        "hostile/milestones/test_cheats.py::test_it_gets_its_verdict",
        "hostile/milestones/test_cheats.py::test_the_looting_probe_does_print_what_it_finds_so_that_its_test_can_fail",
        "hostile/milestones/test_hand_ins.py::test_a_file_that_is_no_weights_is_refused_in_words",
        "hostile/milestones/test_hand_ins.py::test_workers_get_the_code_alone_and_the_digest_is_of_all_files",
        "sandbox/test_measuring.py::test_constants_names_nodes_and_statements_are_counted_in_what_runs",
        "grading/test_drawing.py::test_a_changed_byte_a_changed_case_and_a_changed_key_draw_anew",
    ),
    "A question that stands in for another": (
        "hostile/milestones/test_instead.py::test_its_points_wait_for_the_replay_and_are_capped_by_it",
        "hostile/milestones/test_instead.py::test_weights_of_another_teams_large_world_are_worth_nothing",
        "hostile/milestones/test_instead.py::test_a_cohort_keeps_both_files_names_who_shares_them_and_prunes_them",
    ),
    "A replay is two processes.": (
        "hostile/milestones/test_cheats.py::test_it_gets_its_verdict",
        "hostile/milestones/test_cheats.py::test_honest_work_gets_everything",
    ),
    "`tests/hostile/attacks/` and": (
        "hostile/test_hostile.py::test_every_file_says_what_it_does_and_what_it_must_get",
        HOSTILE,
    ),
    "* points in a question that was attacked": (HOSTILE,),
    "* a hidden docstring": (HOSTILE, "hostile/test_layers.py::test_without_landlock_the_leak_test_would_fail"),
    "* control characters in the terminal": (HOSTILE, "hostile/attacks/breaks_out_of_the_report.py"),
    "* processes, descriptors": (
        HOSTILE,
        "hostile/test_den.py::test_where_nothing_stops_it_an_attack_leaves_files_with_the_mark_of_its_run",
    ),
    "* a grading that took longer": (HOSTILE,),
    "`tests/hostile/fuzzing/` makes": (
        "hostile/test_fuzz.py::test_a_hundred_beside_one_honest_neighbour",
        "hostile/test_fuzz.py::test_two_thousand_beside_one_honest_neighbour",
        "hostile/test_fuzz.py::test_a_fault_is_told",
    ),
    "| context | layers missing": (MEASURED + "python -m tests.hostile.table",),
    "Measured on Linux 6.18": (MEASURED + "python -m tests.hostile.table",),
    "The tests can fail.": (
        "hostile/test_layers.py::test_with_all_layers_on_nothing_gets_through",
        "hostile/test_layers.py::test_with_the_layer_off_its_attack_gets_through",
        "hostile/test_layers.py::test_with_only_the_other_layer_off_it_is_still_stopped",
        "hostile/test_layers.py::test_honest_work_passes_in_every_combination",
        "hostile/test_layers.py::test_without_landlock_the_leak_test_would_fail",
    ),
    "A killed grader leaves": (
        "hostile/test_kills.py::test_a_killed_grader_leaves_no_process_and_no_file",
        "hostile/test_kills.py::test_a_killed_session_is_no_zero_of_a_student",
        "hostile/test_kills.py::test_a_killed_zygote_is_a_fault_of_the_machine_and_it_is_replaced",
        "hostile/test_kills.py::test_a_killed_worker_costs_its_case_only",
    ),
    "What it costs:": (NO_CLAIM,),
    "| context | empty session": (MEASURED + "python -m tests.hostile.table",),
    "Medians of 40; a question": (MEASURED + "python -m tests.hostile.table",),
    "1,000 gradings by one grader": ("hostile/test_soak.py::test_nothing_piles_up",),
    "| | before | after |": ("hostile/test_soak.py::test_nothing_piles_up",),
    "Every file got the same points": ("hostile/test_soak.py::test_nothing_piles_up",),
    "* **The kernel.**": (NO_CLAIM,),
    "* **Small talk through verdicts.**": (
        "report/test_audience.py::test_withheld_points_count_in_nothing_that_is_shown",
        "report/test_audience.py::test_never_visible_stays_withheld_after_publication",
    ),
    "* **The page cache, from one": (
        "hostile/test_hostile.py::test_no_mark_in_the_page_cache_goes_from_one_submission_to_another",
        "hostile/test_hostile.py::test_without_seccomp_such_a_mark_does_go_to_the_next_submission_so_the_test_above_can_fail",
        "sandbox/layers/test_seccomp.py::test_each_call_works_before_and_is_denied_after",
    ),
    "* **Forbidden names in disguise.**": (
        "sandbox/test_forbidden_disguises.py::test_a_function_that_is_exchanged_is_found",
        "sandbox/test_forbidden_disguises.py::test_a_call_in_disguise_is_found",
        "sandbox/test_forbidden_disguises.py::test_a_name_that_took_another_way_is_found",
        "sandbox/test_forbidden_disguises.py::test_other_files_are_followed_as_well",
        "sandbox/test_forbidden_disguises.py::test_what_the_text_does_not_show_is_told_to_a_person",
        "sandbox/test_suspicions.py::test_a_name_that_is_made_at_run_time_is_told_once",
        "sandbox/test_operators.py::test_every_alias_leaves_the_same_trace",
        "sandbox/test_numpy_calls.py::test_every_alias_leaves_the_same_trace",
        "sandbox/test_numpy_calls.py::test_switching_it_off_is_noticed",
        "sandbox/test_numpy_calls.py::test_results_say_whether_there_is_a_record",
        "hostile/attacks/calls_a_forbidden_name_from_a_file.py",
    ),
    "* **Shared memory.**": ("hostile/faults/fills_shared_memory.py",),
    "* **Time.**": (
        "sandbox/test_plans.py::test_a_submission_is_loaded_once_for_each_question_and_each_lost_worker",
        "sandbox/test_box.py::test_a_submission_that_cannot_be_loaded_is_tried_once",
        "sandbox/test_plans.py::test_a_submission_that_cannot_be_loaded_any_more_is_told_alike_in_the_hidden_phase",
    ),
    "* **As a plain user**": ("hostile/test_layers.py::test_with_the_layer_off_its_attack_gets_through",),
    "* **In Docker** there are": ("sandbox/layers/test_scratch.py::test_too_many_bytes_or_entries_are_seen",),
    "* **Old kernels.**": (NO_CLAIM,),
    "* **Repeatability of what": ("hostile/test_hostile.py::test_grading_twice_gives_the_same_bytes",),
    "* **GPU.**": (
        "sandbox/layers/test_devices.py::test_the_filter_lets_a_socket_be_named_and_nothing_else",
        "sandbox/layers/test_devices.py::test_a_worker_may_look_at_itself_and_name_its_threads_and_no_other",
        "sandbox/layers/test_devices.py::test_address_space_has_no_bound_and_the_rest_has",
        "sandbox/layers/test_devices.py::test_a_session_sees_its_own_processes_alone",
        "sandbox/layers/test_devices.py::test_what_is_loosened_is_said_layer_by_layer",
        "hostile/milestones/test_devices.py::test_a_replay_on_a_device_gets_the_verdict_of_the_processor_and_says_what_was_loosened",
    ),
    "* **macOS and Windows**": (NO_CLAIM,),
    "Contexts that your machine lacks": (NO_CLAIM,),
    "To add an attack": ("hostile/test_hostile.py::test_every_file_says_what_it_does_and_what_it_must_get",),
}
GRADING: dict[str, tuple[str, ...]] = {
    "`submissions/` may hold": (
        "intake/test_collecting.py::test_a_folder_is_one_hand_in_with_all_its_files",
        "intake/test_collecting.py::test_versions_of_one_student",
        "intake/test_archive.py::test_a_tar_is_read_like_a_zip",
        "cohort/test_damage.py::test_versions_the_newest_counts_and_what_came_again_is_noted",
        "grading/test_judging.py::test_one_bad_case_costs_itself_alone",
        "sandbox/test_box.py::test_a_bad_case_gets_its_verdict_and_the_next_case_its_own",
    ),
    "Give the folder or the zip": ("intake/test_collecting.py::test_every_layout_may_be_forced",),
    "| `--layout` |": (
        "intake/test_layouts.py::test_times_and_people_are_known_before_anything_is_graded",
        "intake/test_layouts.py::test_graded_through_the_command",
    ),
    "Nothing vanishes:": (
        "hostile/test_fuzz.py::test_a_hundred_beside_one_honest_neighbour",
        "intake/test_collecting.py::test_files_of_a_folder_are_named_without_their_ending_and_others_are_told",
        "intake/test_collecting.py::test_links_are_hand_ins_that_will_be_refused_and_nothing_is_read_through_them",
        "intake/test_archive.py::test_a_whole_working_folder_is_as_good_as_the_file",
    ),
    "| file | for |": (
        "report/test_csv_form.py::test_the_same_table_as_otters_own_code_writes",
        "report/test_html.py::test_links_of_the_class_page_lead_to_files_that_are_written",
        "cohort/test_store.py::test_every_score_says_who_when_and_by_what",
        "cohort/test_engine.py::test_the_number_of_jobs_changes_no_byte_but_times",
        "cohort/test_efforts.py::test_they_are_read_back_from_the_spool",
    ),
    "A case ends as": (
        "grading/test_status.py::test_every_status_either_scores_or_waits_or_is_the_graders_fault",
        "cohort/test_engine.py::test_a_broken_check_makes_the_run_fail_and_gives_nobody_a_zero",
        "sandbox/test_effort.py::test_a_machine_that_stays_busy_is_the_graders_fault",
    ),
    "A hand-in that cannot be read": (
        "cohort/test_unread.py::test_what_the_machine_does_not_read_is_not_graded_and_what_is_damaged_gets_nothing",
        "cohort/test_unread.py::test_a_folder_that_cannot_be_looked_into_refuses_its_own_hand_in_only",
        "cohort/test_unread.py::test_no_permission_is_the_machines_fault_for_a_plain_user",
    ),
    "`waiting` is a case": (
        "report/test_waiting.py::test_it_is_neither_earned_nor_lost_nor_broken",
        "report/test_waiting.py::test_a_terminal_says_so_far",
        "report/test_waiting.py::test_gradescope_has_no_score_for_it_and_the_total_of_what_is_known",
        "report/test_waiting.py::test_canvas_gets_nothing_that_would_look_like_a_final_score",
        "cohort/test_damage.py::test_a_grade_with_cases_that_wait_is_not_done",
        "grading/test_evidence.py::test_a_case_that_waits_again_takes_nothing_away",
    ),
    "Judging happens in a process of its own": (
        "values/test_counting.py::test_each_count_is_what_there_is",
        "values/test_counting.py::test_the_message_says_of_what_there_is_too_much",
        "values/test_counting.py::test_the_budget_of_nodes_is_over_all_formulas_of_an_answer",
        "verify/test_weak_cases.py::test_a_right_answer_near_a_budget_is_told",
        "grading/test_separate.py::test_a_case_that_fails_once_is_judged_again_and_stands",
        "grading/test_separate.py::test_what_ends_the_judge_costs_its_case_alone_and_is_the_graders_fault",
    ),
    "`autograder report out --roster": (
        "intake/test_rosters.py::test_every_encoding_of_a_spreadsheet_is_read",
        "intake/test_rosters.py::test_every_delimiter_line_end_and_head",
    ),
    "Ctrl-C, a power cut": (
        "cohort/test_kills.py::test_three_kills",
        "cohort/test_engine.py::test_ctrl_c_keeps_what_is_finished_and_the_next_run_does_the_rest",
        "cli/test_bad_input.py::test_resuming_nothing_and_grading_without_a_sandbox",
        "cohort/test_engine.py::test_the_same_submission_is_not_graded_twice_unless_asked",
        "intake/test_opening.py::test_what_is_packed_anew_with_other_litter_is_the_same",
        "cohort/test_damage.py::test_versions_the_newest_counts_and_what_came_again_is_noted",
        "cohort/test_damage.py::test_a_grade_with_cases_that_wait_is_not_done",
    ),
    "A full disk is said": (
        "cohort/test_full_disk.py::test_wherever_the_disk_is_full_nothing_is_lost",
        "cohort/test_damage.py::test_a_truncated_blob_is_named_and_the_next_run_grades_again",
        "cohort/test_damage.py::test_broken_json_in_the_spool_is_set_aside",
    ),
    "Older folders are refused": (
        "cohort/test_upgrade.py::test_an_old_folder_is_refused_with_the_command_that_helps",
        "cohort/test_upgrade.py::test_an_upgraded_folder_can_be_rejudged",
        "cohort/test_upgrade.py::test_killed_at_any_moment_it_is_the_old_folder_or_the_new_one",
    ),
    "`out/` is closed to other users": (
        "cohort/test_store.py::test_a_folder_that_is_made_is_closed_and_one_that_holds_something_keeps_its_rights",
    ),
    "Mend the check": ("cli/test_flow.py::test_rejudging_applies_a_mended_check_without_running_anybody",),
    "No student code runs:": (
        "cohort/test_rejudge.py::test_nothing_changed_changes_nothing_and_starts_no_sandbox",
        "cohort/test_rejudge.py::test_points_never_fall_without_being_allowed_to",
        "cohort/test_rejudge.py::test_a_changed_probe_keeps_the_old_verdicts_and_asks_for_a_rerun",
        "cohort/test_rejudge.py::test_a_rerun_runs_just_the_changed_cases",
    ),
    "A bundle records several": (
        "grading/test_worlds.py::test_an_edit_of_one_case_or_of_the_reference_re_seeds_nothing",
        "grading/test_judging.py::test_a_student_keeps_a_world_and_the_handouts_world_is_not_graded",
        "cli/test_keys.py::test_the_course_the_zip_and_otters_layout_choose_the_same_worlds",
        "verify/test_one_edit.py::test_seeds_certificate_and_bundle_change_for_that_case_alone",
    ),
    "The world that the handout ships": (
        "report/test_practice.py::test_every_report_says_so",
        "grading/test_worlds.py::test_a_student_gets_one_world_and_never_the_handouts",
        "grading/test_worlds.py::test_a_public_case_of_one_world_is_for_practice",
        "grading/test_terms.py::test_a_case_for_practice_earns_nothing_and_its_share_goes_to_the_others",
    ),
    "From it the keys of all": (
        "grading/test_keys.py::test_keys_differ_by_secret_label_and_name",
        "grading/test_keys.py::test_without_a_course_secret_keys_come_from_the_salt",
        "grading/test_keys.py::test_a_secret_is_random_private_ignored_and_never_overwritten",
        "cli/test_keys.py::test_secret_init_writes_once_and_says_what_follows",
        "cli/test_keys.py::test_doctor_says_where_worlds_hang",
        "cli/test_keys.py::test_a_secret_that_lies_elsewhere_is_named",
    ),
    "A course that takes over": ("cli/test_keys.py::test_salt_new_replaces_and_says_what_follows",),
    "**The secret is lost.**": (
        "cli/test_keys.py::test_the_course_the_zip_and_otters_layout_choose_the_same_worlds",
        "cohort/test_rejudge.py::test_a_corrected_reference_is_applied_in_the_old_worlds",
    ),
    "NumPy may draw other numbers": (
        "grading/test_streams.py::test_no_submission_is_graded_in_other_inputs",
        "grading/test_streams.py::test_at_home_right_work_is_not_called_wrong",
        "cli/test_keys.py::test_doctor_says_where_worlds_hang",
    ),
    "Milestones ([docs/milestones.md]": (
        "grading/test_drawing.py::test_the_draw_of_the_grade_hangs_on_term_and_team_and_on_no_attempt",
        "hostile/milestones/test_cohort.py::test_replays_wait_are_added_later_and_are_not_taken_away",
    ),
    "`rejudge` judges the rows": (
        "hostile/milestones/test_cohort.py::test_a_changed_threshold_is_applied_to_the_rows_that_are_kept",
        "hostile/milestones/test_cohort.py::test_rows_are_not_judged_by_another_draw",
        "hostile/milestones/test_cohort.py::test_weights_are_kept_once_and_pruned_when_asked_for",
        "hostile/milestones/test_cohort.py::test_hand_ins_with_nearly_the_same_weights_are_named",
    ),
    "A question may forbid functions": (
        "sandbox/test_forbidden.py::test_a_use_is_found",
        "sandbox/test_forbidden.py::test_the_finding_names_file_line_and_code",
        "sandbox/test_box.py::test_a_forbidden_name_is_named_with_file_and_line",
        "sandbox/test_forbidden_disguises.py::test_honest_work_beside_it_is_not_accused",
        "hostile/faults/compares_with_a_forbidden_name.py",
        "sandbox/test_one_worker.py::test_a_forbidden_name_that_only_hidden_cases_reach_costs_only_them",
        "assignments/test_no_false_accusations.py::test_the_reference_and_other_right_answers_use_nothing_forbidden",
    ),
    "What ran besides is *evidence*": (
        "sandbox/test_box.py::test_a_hidden_alias_leaves_evidence",
        "sandbox/test_suspicions.py::test_a_name_that_is_made_at_run_time_is_told_once",
        "report/test_audience.py::test_flags_name_what_a_person_should_see",
    ),
    "`--sandbox standard` (the default)": (
        "sandbox/test_floor.py::test_a_missing_layer_of_the_floor_is_refused_by_name_with_reason_and_remedy",
        "sandbox/test_floor.py::test_a_bonus_layer_may_miss_unless_strict",
    ),
}
PAGES = {"security.md": SECURITY, "grading.md": GRADING}


def blocks(text: str) -> list[str]:
    """Paragraphs, list items and tables of a page; no headings, no code."""
    text = re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)
    found: list[str] = []
    for part in re.split(r"\n\s*\n", text):
        if part.startswith("    ") or not part.strip():
            continue
        found += [one.strip() for one in re.split(r"\n(?=\* )", part) if not one.startswith("#")]
    return found


@pytest.mark.parametrize("page", PAGES)
def test_every_paragraph_has_its_tests_and_every_row_its_paragraph(page: str) -> None:
    found, rows = blocks((ROOT / "docs" / page).read_text(encoding="utf-8")), PAGES[page]
    without = [block[:70] for block in found if sum(block.startswith(words) for words in rows) != 1]
    assert without == [], "claims without a row in this file"
    gone = [words for words in rows if sum(block.startswith(words) for block in found) != 1]
    assert gone == [], "rows whose paragraph is gone"


@pytest.mark.parametrize("page", PAGES)
def test_the_tests_that_are_named_exist(page: str) -> None:
    missing = [name for names in PAGES[page].values() for name in names if not exists(name)]
    assert missing == []


def exists(name: str) -> bool:
    """Whether there is such a test, hostile file or command."""
    if name == NO_CLAIM:
        return True
    if name.startswith(MEASURED):
        module = name.split()[-1].replace(".", "/")
        return (ROOT / f"{module}.py").is_file() or (ROOT / module / "__main__.py").is_file()
    path, _, function = name.partition("::")
    file = ROOT / "tests" / path
    return file.is_file() and (not function or function in functions(file))


@lru_cache
def functions(file: Path) -> frozenset[str]:
    """Names of the functions at a file's top."""
    return frozenset(n.name for n in ast.parse(file.read_text()).body if isinstance(n, ast.FunctionDef))


def test_what_is_not_there_is_missed() -> None:
    assert not exists("hostile/test_hostile.py::test_no_such_test")
    assert not exists("hostile/attacks/no_such_file.py")
    assert not exists(MEASURED + "python -m tests.no_such_module")
    assert blocks("# head\n\none\ntwo\n\n* a\n  b\n* c\n\n```\ncode\n```\n\n    more code\n\n| x |\n") == [
        "one\ntwo", "* a\n  b", "* c", "| x |"]  # fmt: skip
