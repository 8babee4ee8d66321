import Launcher

await Launcher.main()
