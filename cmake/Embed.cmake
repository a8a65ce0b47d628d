# Embed.cmake - files that are put into the library as they are.
# SPDX-License-Identifier: Apache-2.0

# elc_embed(FILE FILE...): writes FILE, which defines elc_serve_files[] of src/serve/files.h.
function(elc_embed file)
  set(sections "")
  set(externs "")
  set(entries "")
  set(number 0)
  foreach(path IN LISTS ARGN)
    cmake_path(GET path FILENAME name)
    string(APPEND sections "__asm__(\".section .rodata\\n\"
        \".global elc_serve_file_${number}\\n.hidden elc_serve_file_${number}\\n\"
        \".global elc_serve_file_${number}_end\\n.hidden elc_serve_file_${number}_end\\n\"
        \"elc_serve_file_${number}:\\n.incbin \\\"${path}\\\"\\n\"
        \"elc_serve_file_${number}_end:\\n.byte 0\\n.previous\\n\");\n")
    string(APPEND externs "extern const unsigned char elc_serve_file_${number}[], "
                          "elc_serve_file_${number}_end[];\n")
    string(APPEND entries "    {\"${name}\", elc_serve_file_${number}, "
                          "elc_serve_file_${number}_end},\n")
    math(EXPR number "${number} + 1")
  endforeach()
  file(CONFIGURE OUTPUT ${file} @ONLY CONTENT
"/* Made by cmake/Embed.cmake: the files of the page. */
#include \"serve/files.h\"

${sections}
${externs}
const serve_file elc_serve_files[] = {
${entries}    {NULL, NULL, NULL},
};
")
  set_property(SOURCE ${file} APPEND PROPERTY OBJECT_DEPENDS ${ARGN})
endfunction()
