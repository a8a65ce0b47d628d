# Embed.cmake - files that are put into the library as they are.
# SPDX-License-Identifier: Apache-2.0

# elc_embed(FILE FILE...): writes FILE, which defines elc_embedded_files[] of
# src/files/embedded.h. A file's name is its path within web/ or lib/.
function(elc_embed file)
  set(sections "")
  set(externs "")
  set(entries "")
  set(number 0)
  foreach(path IN LISTS ARGN)
    string(REGEX REPLACE "^.*/(web|lib)/" "" name ${path})
    string(APPEND sections "__asm__(\".section .rodata\\n\"
        \".global elc_embedded_${number}\\n.hidden elc_embedded_${number}\\n\"
        \".global elc_embedded_${number}_end\\n.hidden elc_embedded_${number}_end\\n\"
        \"elc_embedded_${number}:\\n.incbin \\\"${path}\\\"\\n\"
        \"elc_embedded_${number}_end:\\n.byte 0\\n.previous\\n\");\n")
    string(APPEND externs "extern const unsigned char elc_embedded_${number}[], "
                          "elc_embedded_${number}_end[];\n")
    string(APPEND entries "    {\"${name}\", elc_embedded_${number}, "
                          "elc_embedded_${number}_end},\n")
    math(EXPR number "${number} + 1")
  endforeach()
  file(CONFIGURE OUTPUT ${file} @ONLY CONTENT
"/* Made by cmake/Embed.cmake: the files of pages. */
#include \"files/embedded.h\"

${sections}
${externs}
const elc_embedded elc_embedded_files[] = {
${entries}    {NULL, NULL, NULL},
};
")
  set_property(SOURCE ${file} APPEND PROPERTY OBJECT_DEPENDS ${ARGN})
endfunction()
