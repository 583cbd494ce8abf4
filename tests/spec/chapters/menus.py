"""Which level may ask which questions."""

from tests.spec.scenario import Chapter, Menus

CHAPTER = Chapter(
    title="Each access level has its menu",
    words="A menu is exactly the questions that a level may ask, and nothing else. Levels that ask nothing have none.",
    cases=(
        Menus(
            title="The menus of the shipped levels",
            because="Auditors, officers and policy administrators ask nothing; nobody holds the level practitioner itself.",
            rows="""
            level                        | question                 | purposes                                             | agencies
            connexions_adviser           | child_attendance         | careers_guidance transition                          | schools
            connexions_adviser           | child_basics             | safeguarding careers_guidance transition             | social_care health schools youth_offending connexions
            connexions_adviser           | child_register           | careers_guidance transition                          | schools connexions
            connexions_adviser           | child_services           | safeguarding careers_guidance transition             | social_care schools connexions
            connexions_adviser           | young_person_destination | careers_guidance transition                          | connexions schools
            designated_safeguarding_lead | child_attendance         | safeguarding early_help education_welfare transition | schools
            designated_safeguarding_lead | child_basics             | safeguarding                                         | social_care health schools youth_offending connexions
            designated_safeguarding_lead | child_concern_indicator  | safeguarding                                         | social_care health schools
            designated_safeguarding_lead | child_concerns           | safeguarding                                         | social_care health schools
            designated_safeguarding_lead | child_services           | safeguarding early_help transition                   | social_care health schools connexions
            education_welfare_officer    | child_attendance         | safeguarding early_help education_welfare transition | schools
            education_welfare_officer    | child_basics             | safeguarding education_welfare transition            | social_care health schools youth_offending connexions
            education_welfare_officer    | child_concern_indicator  | safeguarding                                         | social_care health schools
            education_welfare_officer    | child_register           | education_welfare                                    | social_care health schools
            education_welfare_officer    | child_services           | safeguarding education_welfare                       | social_care health schools
            education_welfare_officer    | staff_safety             | safeguarding                                         | social_care health youth_offending
            education_welfare_officer    | young_person_destination | transition                                           | connexions schools
            health_visitor               | child_basics             | safeguarding early_help health_care transition       | social_care health schools youth_offending connexions
            health_visitor               | child_concern_indicator  | safeguarding                                         | social_care health schools
            health_visitor               | child_concerns           | safeguarding                                         | social_care health schools
            health_visitor               | child_health             | early_help health_care                               | health
            health_visitor               | child_services           | safeguarding early_help transition                   | social_care health schools youth_offending connexions
            health_visitor               | staff_safety             | safeguarding early_help                              | social_care health youth_offending
            safeguarding_unit_manager    | child_basics             | safeguarding                                         | social_care health schools youth_offending connexions
            safeguarding_unit_manager    | child_concern_indicator  | safeguarding                                         | social_care health schools youth_offending
            safeguarding_unit_manager    | child_concerns           | safeguarding                                         | social_care health schools youth_offending
            safeguarding_unit_manager    | child_services           | safeguarding                                         | social_care health schools youth_offending connexions
            school_nurse                 | child_attendance         | safeguarding early_help                              | schools
            school_nurse                 | child_basics             | safeguarding early_help health_care transition       | social_care health schools youth_offending connexions
            school_nurse                 | child_concern_indicator  | safeguarding                                         | social_care health schools
            school_nurse                 | child_concerns           | safeguarding                                         | social_care health schools
            school_nurse                 | child_health             | safeguarding early_help health_care                  | health
            school_nurse                 | child_services           | safeguarding early_help transition                   | social_care health schools
            social_care_duty             | child_attendance         | safeguarding                                         | schools
            social_care_duty             | child_basics             | safeguarding                                         | social_care health schools youth_offending connexions
            social_care_duty             | child_concern_indicator  | safeguarding                                         | social_care health schools youth_offending
            social_care_duty             | child_concerns           | safeguarding                                         | social_care health schools youth_offending
            social_care_duty             | child_health             | safeguarding                                         | health
            social_care_duty             | child_register           | safeguarding                                         | social_care health schools youth_offending connexions
            social_care_duty             | child_services           | safeguarding                                         | social_care health schools youth_offending connexions
            social_care_duty             | staff_safety             | safeguarding                                         | social_care health youth_offending
            social_worker                | child_attendance         | safeguarding early_help                              | schools
            social_worker                | child_basics             | safeguarding early_help transition                   | social_care health schools youth_offending connexions
            social_worker                | child_concern_indicator  | safeguarding early_help                              | social_care health schools youth_offending
            social_worker                | child_concerns           | safeguarding early_help                              | social_care health schools youth_offending
            social_worker                | child_health             | safeguarding early_help                              | health
            social_worker                | child_services           | safeguarding early_help transition                   | social_care health schools youth_offending connexions
            social_worker                | staff_safety             | safeguarding early_help                              | social_care health youth_offending
            social_worker                | young_person_destination | transition                                           | connexions schools
            social_worker                | youth_order              | safeguarding                                         | youth_offending
            youth_offending_worker       | child_attendance         | youth_justice                                        | schools
            youth_offending_worker       | child_basics             | safeguarding youth_justice                           | social_care health schools youth_offending connexions
            youth_offending_worker       | child_concern_indicator  | safeguarding                                         | social_care schools youth_offending
            youth_offending_worker       | child_concerns           | safeguarding                                         | social_care schools youth_offending
            youth_offending_worker       | child_services           | safeguarding youth_justice                           | social_care health schools youth_offending connexions
            youth_offending_worker       | staff_safety             | safeguarding                                         | social_care health youth_offending
            youth_offending_worker       | young_person_destination | youth_justice                                        | connexions schools
            youth_offending_worker       | youth_order              | safeguarding youth_justice                           | youth_offending
            """,
        ),
    ),
)
