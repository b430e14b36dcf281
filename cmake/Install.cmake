# What `cmake --install` puts where, besides the targets' own rules: the manual pages, man/NAME.N as section N, the example
# conf files and templates, completions where each shell looks for them, and systemd's units for a user.
file(GLOB pages CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/man/*.[1-9])
foreach(page ${pages})
  string(REGEX MATCH "[1-9]$" section ${page})
  install(FILES ${page} DESTINATION ${CMAKE_INSTALL_MANDIR}/man${section})
endforeach()
install(DIRECTORY ${PROJECT_SOURCE_DIR}/share/examples DESTINATION ${CMAKE_INSTALL_DOCDIR} FILES_MATCHING PATTERN *.conf)
install(DIRECTORY ${PROJECT_SOURCE_DIR}/share/unison-templates DESTINATION ${CMAKE_INSTALL_DOCDIR})

# bash and fish look for a file with the name of the command.
set(completions ${PROJECT_SOURCE_DIR}/share/completions)
foreach(tool pull push now setconf delete undo status hooks)
  install(FILES ${completions}/sync-manager.bash RENAME sync-${tool}
    DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
  install(FILES ${completions}/sync-manager.fish RENAME sync-${tool}.fish
    DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d)
endforeach()
install(FILES ${completions}/_sync-manager DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/site-functions)

# The service names its program by the whole path, under the prefix that --install is given.
install(CODE "
  include(\"${PROJECT_SOURCE_DIR}/cmake/SystemdUnit.cmake\")
  set(folder \"${CMAKE_INSTALL_BINDIR}\")
  cmake_path(ABSOLUTE_PATH folder BASE_DIRECTORY \"\${CMAKE_INSTALL_PREFIX}\" NORMALIZE)
  write_service(\"\${folder}/sync-now\" \"${PROJECT_SOURCE_DIR}/share/systemd/sync-now.service.in\"
    \"${CMAKE_BINARY_DIR}/sync-now.service\")")
install(FILES ${CMAKE_BINARY_DIR}/sync-now.service ${PROJECT_SOURCE_DIR}/share/systemd/sync-now.timer
  DESTINATION lib/systemd/user)
