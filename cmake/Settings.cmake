# What every target of the project is compiled with, as one interface target.
add_library(syncmanager_settings INTERFACE)
target_compile_options(syncmanager_settings INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wnon-virtual-dtor -Woverloaded-virtual -Wcast-qual -Wformat=2
  -Wimplicit-fallthrough -Wswitch -fstack-protector-strong
  # Between files that are compiled as one, what is shadowed is often another file's.
  $<$<NOT:$<BOOL:${CMAKE_UNITY_BUILD}>>:-Wshadow>
  $<$<AND:$<BOOL:${CMAKE_UNITY_BUILD}>,$<CXX_COMPILER_ID:GNU>>:-Wshadow=local>
  $<$<CXX_COMPILER_ID:Clang>:-Wno-missing-field-initializers>  # libgit2's own GIT_..._INIT macros are like that
  $<$<BOOL:${SYNCMANAGER_WERROR}>:-Werror>)
# GCC 12 sees overlapping copies in std::string that are none (GCC bug 105651).
target_compile_options(syncmanager_settings INTERFACE $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>)
target_include_directories(syncmanager_settings INTERFACE ${PROJECT_SOURCE_DIR}/lib)
# Paths and sizes of large files on 32-bit systems too.
target_compile_definitions(syncmanager_settings INTERFACE _FILE_OFFSET_BITS=64)
if(SYNCMANAGER_SANITIZE)
  # Indices, iterators and empty optionals of the standard library are checked too.
  target_compile_definitions(syncmanager_settings INTERFACE _GLIBCXX_ASSERTIONS)
  target_compile_options(syncmanager_settings INTERFACE
    -fsanitize=${SYNCMANAGER_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(syncmanager_settings INTERFACE -fsanitize=${SYNCMANAGER_SANITIZE})
endif()
