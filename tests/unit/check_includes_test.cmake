# Proves that check_includes.cmake accepts what it should and fails on what it must.
#
#   cmake -D FOLDER=somewhere/empty -P check_includes_test.cmake
function(expect what source line expected)
  file(REMOVE_RECURSE "${FOLDER}")
  file(WRITE "${FOLDER}/${source}" "#pragma once\n\n${line}\n\nint answer();\n")
  execute_process(
    COMMAND "${CMAKE_COMMAND}" -D "LIB=${FOLDER}" -P "${CMAKE_CURRENT_FUNCTION_LIST_DIR}/check_includes.cmake"
    RESULT_VARIABLE status ERROR_VARIABLE errors OUTPUT_QUIET)
  file(REMOVE_RECURSE "${FOLDER}")
  if(expected STREQUAL "")
    if(NOT status EQUAL 0)
      message(SEND_ERROR "${what}: refused:\n${errors}")
    endif()
    return()
  endif()
  string(REGEX REPLACE "[ \n]+" " " errors "${errors}")
  string(FIND "${errors}" "${expected}" found)
  if(status EQUAL 0 OR found EQUAL -1)
    message(SEND_ERROR "${what}: expected '${expected}', status ${status}:\n${errors}")
  endif()
endfunction()

expect("accepts the own layer" model/x.hpp "#include \"model/oid.hpp\"" "")
expect("accepts a layer above" ui/x.cpp "#include \"base/error.hpp\"" "")
expect("accepts system headers" base/x.hpp "#include <sys/types.h>\n#include <git2.h>" "")
expect("accepts a comment" base/x.hpp "// #include \"model/oid.hpp\"" "")
expect("refuses a layer below" base/x.hpp "#include \"model/oid.hpp\""
  "lib/base/x.hpp includes model/oid.hpp: base stands above model")
expect("refuses the next layer" ssh/x.cpp "#include \"git/listing.hpp\"" "ssh stands above git")
expect("refuses the last layer" hooks/x.cpp "#include \"ui/report.hpp\"" "hooks stands above ui")
expect("sees folders below a layer" base/deep/x.cpp "#include \"ui/report.hpp\"" "base stands above ui")
expect("sees angle brackets" base/x.hpp "#include <model/oid.hpp>" "base stands above model")
expect("sees white space" base/x.hpp "  #  include  \"model/oid.hpp\"" "base stands above model")
expect("refuses a header without its layer" base/x.cpp "#include \"x.hpp\"" "expected \"<layer>/x.hpp\"")
expect("refuses a way around" base/x.cpp "#include \"../model/oid.hpp\"" "expected \"<layer>/../model/oid.hpp\"")
expect("refuses an unknown layer" misc/x.cpp "#include \"base/error.hpp\"" "'misc' is no layer")
expect("refuses an empty folder" x.txt "" "no sources")
