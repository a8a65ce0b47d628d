# Registry.cmake - the lists of operators, heads and functions, made from the files of a folder.
# SPDX-License-Identifier: Apache-2.0

# elc_registry(FILE TYPE HEADER SOURCE...): writes FILE, which defines elc_<TYPE>s[] (of a
# family: families[]), an array ending in NULL of pointers to the elc_<TYPE>_<name> of each
# SOURCE, by name.
function(elc_registry file type header)
  set(names ${ARGN})
  list(TRANSFORM names REPLACE "^.*/([^/]+)\\.c$" "\\1")
  list(SORT names)
  set(externs "")
  set(entries "")
  foreach(name IN LISTS names)
    string(APPEND externs "extern const elc_${type} elc_${type}_${name};\n")
    string(APPEND entries "    &elc_${type}_${name},\n")
  endforeach()
  string(REGEX REPLACE "y$" "ie" plural ${type})
  file(CONFIGURE OUTPUT ${file} @ONLY CONTENT
"/* Made by cmake/Registry.cmake: the ${plural}s of this build. */
#include ${header}

${externs}
extern const elc_${type} *const elc_${plural}s[];
const elc_${type} *const elc_${plural}s[] = {
${entries}    NULL,
};
")
endfunction()
