/* library.h - DuckDB's C library, found and loaded when a session is opened. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELC_SQL_LIBRARY_H
#define ELC_SQL_LIBRARY_H

#include <duckdb.h>

#include <elcano/base.h>

/* What is called of it, without the prefix. */
#define ELC_DUCKDB_CALLS(X)                                                            \
    X(add_scalar_function_to_set)                                                      \
    X(bind_add_result_column)                                                          \
    X(bind_get_extra_info)                                                             \
    X(cast_function_get_extra_info)                                                    \
    X(cast_function_get_cast_mode)                                                     \
    X(cast_function_set_row_error)                                                     \
    X(cast_function_set_error)                                                         \
    X(cast_function_set_extra_info)                                                    \
    X(cast_function_set_function)                                                      \
    X(cast_function_set_implicit_cast_cost)                                            \
    X(cast_function_set_source_type)                                                   \
    X(cast_function_set_target_type)                                                   \
    X(create_cast_function)                                                            \
    X(destroy_cast_function)                                                           \
    X(register_cast_function)                                                          \
    X(close)                                                                           \
    X(connect)                                                                         \
    X(create_config)                                                                   \
    X(create_list_type)                                                                \
    X(create_logical_type)                                                             \
    X(create_scalar_function)                                                          \
    X(create_scalar_function_set)                                                      \
    X(create_table_function)                                                           \
    X(data_chunk_get_size)                                                             \
    X(data_chunk_get_vector)                                                           \
    X(data_chunk_set_size)                                                             \
    X(destroy_config)                                                                  \
    X(destroy_data_chunk)                                                              \
    X(destroy_extracted)                                                               \
    X(destroy_logical_type)                                                            \
    X(destroy_pending)                                                                 \
    X(destroy_prepare)                                                                 \
    X(destroy_result)                                                                  \
    X(destroy_scalar_function)                                                         \
    X(destroy_scalar_function_set)                                                     \
    X(destroy_table_function)                                                          \
    X(destroy_value)                                                                   \
    X(disconnect)                                                                      \
    X(execute_pending)                                                                 \
    X(extract_statements)                                                              \
    X(extract_statements_error)                                                        \
    X(fetch_chunk)                                                                     \
    X(free)                                                                            \
    X(function_get_extra_info)                                                         \
    X(function_set_error)                                                              \
    X(get_list_child)                                                                  \
    X(get_list_size)                                                                   \
    X(get_table_names)                                                                 \
    X(get_type_id)                                                                     \
    X(get_varchar)                                                                     \
    X(init_get_extra_info)                                                             \
    X(init_set_error)                                                                  \
    X(init_set_max_threads)                                                            \
    X(interrupt)                                                                       \
    X(library_version)                                                                 \
    X(list_vector_get_child)                                                           \
    X(list_type_child_type)                                                            \
    X(list_vector_get_size)                                                            \
    X(list_vector_reserve)                                                             \
    X(list_vector_set_size)                                                            \
    X(logical_type_get_alias)                                                          \
    X(logical_type_set_alias)                                                          \
    X(nparams)                                                                         \
    X(open_ext)                                                                        \
    X(pending_error)                                                                   \
    X(pending_prepared_streaming)                                                      \
    X(prepare)                                                                         \
    X(prepare_error)                                                                   \
    X(prepare_extracted_statement)                                                     \
    X(prepared_statement_column_count)                                                 \
    X(prepared_statement_column_logical_type)                                          \
    X(prepared_statement_column_name)                                                  \
    X(prepared_statement_type)                                                         \
    X(query)                                                                           \
    X(register_logical_type)                                                           \
    X(register_scalar_function_set)                                                    \
    X(register_table_function)                                                         \
    X(result_error)                                                                    \
    X(result_error_type)                                                               \
    X(scalar_function_add_parameter)                                                   \
    X(scalar_function_get_extra_info)                                                  \
    X(scalar_function_set_error)                                                       \
    X(scalar_function_set_extra_info)                                                  \
    X(scalar_function_set_function)                                                    \
    X(scalar_function_set_name)                                                        \
    X(scalar_function_set_return_type)                                                 \
    X(scalar_function_set_volatile)                                                    \
    X(set_config)                                                                      \
    X(table_function_set_bind)                                                         \
    X(table_function_set_extra_info)                                                   \
    X(table_function_set_function)                                                     \
    X(table_function_set_init)                                                         \
    X(table_function_set_name)                                                         \
    X(validity_set_row_invalid)                                                        \
    X(vector_assign_string_element_len)                                                \
    X(vector_ensure_validity_writable)                                                 \
    X(vector_get_data)                                                                 \
    X(vector_get_validity)                                                             \
    X(vector_size)

typedef struct elc_duckdb {
    char *path; /* of what was loaded; NULL: nothing yet */
#define ELC_DUCKDB_CALL(name) __typeof__(&duckdb_##name) name;
    ELC_DUCKDB_CALLS(ELC_DUCKDB_CALL)
#undef ELC_DUCKDB_CALL
} elc_duckdb;

/* Looks in $ELCANO_DUCKDB (then nowhere else), beside this library, where Elcano was
   built, and on the system's path. What was loaded first stays loaded, and is what a
   process uses: DuckDB's own threads and thread locals may outlive a session. */
elc_status elc_duckdb_load(const elc_duckdb **out, elc_error *err);
/* What was loaded: for callbacks, which DuckDB tells nothing that is ours before it is
   asked through these very calls. */
const elc_duckdb *elc_duckdb_loaded(void);

#endif
